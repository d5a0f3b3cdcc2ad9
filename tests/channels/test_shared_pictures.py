"""The link by which a platform fetches a picture of staff: sealed, and over after a week."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from qiq.gateway import pictures
from tests.channels.fake_platforms import picture
from tests.channels.messenger_world import Messengers


async def get(world: Messengers, path: str) -> int:
    transport = httpx.ASGITransport(Starlette(routes=list(pictures.routes(world.house))))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        return (await client.get(path)).status_code


@pytest.fixture
def path(messengers: Messengers) -> str:
    talk = messengers.house.desk.open_conversation("telegram", "7")
    custom = pictures.keep_shared(messengers.house, talk.id, picture())
    assert custom is not None
    return urlsplit(custom["link"]).path


async def test_whoever_has_the_whole_link_sees_the_picture(messengers, path) -> None:
    assert await get(messengers, path) == 200


@pytest.mark.parametrize("change", ["other.png", "/pictures/a.b.9999999999.c.png", "/pictures/x"])
async def test_a_link_that_was_changed_shows_nothing(messengers, path, change) -> None:
    assert await get(messengers, change if change[0] == "/" else path + change) == 404


async def test_the_link_ends(messengers: Messengers, path: str) -> None:
    messengers.clock[0] = timedelta(days=8)
    assert await get(messengers, path) == 404


async def test_what_is_no_picture_gets_no_link(messengers: Messengers) -> None:
    assert pictures.keep_shared(messengers.house, "c_x", b"MZ") is None
