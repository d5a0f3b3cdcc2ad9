"""Account facts and customers' words are seen by the support group only, and no reply is lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.channels.fake_slack import Sent, command, event, serving
from tests.channels.slack_world import World, until

ASKED = "<@U_BOT> check example.com"


async def test_in_a_channel_of_the_desk_the_answer_is_for_everyone_there(world: World) -> None:
    await world.send(event(ASKED, channel="C_MAIL"))
    await until(lambda: world.slack.messages, "it is answered")
    assert "suspended: unpaid" in world.slack.messages[0]["text"]


def shared_with_another_company() -> Sent:
    body, kind = event(ASKED, channel="C_MAIL")
    return json.dumps(json.loads(body) | {"is_ext_shared_channel": True}), kind


@pytest.mark.parametrize(
    "asked",
    [event(ASKED, channel="C_SALES"), shared_with_another_company()],
    ids=["another channel", "a shared channel"],
)
async def test_elsewhere_only_who_asked_sees_the_answer(world: World, asked: Sent) -> None:
    await world.send(asked)
    await until(lambda: world.slack.ephemerals or world.slack.messages, "it is answered")
    assert world.slack.messages == []
    (answer,) = world.slack.ephemerals
    assert "suspended: unpaid" in answer["text"]
    assert answer["user"] == "U_JO"


@asynccontextmanager
async def answers() -> AsyncIterator[tuple[str, list[str]]]:
    """Where Slack takes the answers to a command, and those that came."""
    came: list[str] = []

    async def respond(request: Request) -> PlainTextResponse:
        came.append((await request.json())["text"])
        return PlainTextResponse("ok")

    async with serving(Starlette(routes=[Route("/r", respond, methods=["POST"])])) as url:
        yield f"{url}/r", came


async def test_a_stranger_is_not_told_which_cases_there_are(world: World) -> None:
    async with answers() as (url, came):
        await world.send(command("reply QIQ-NOPE1 hi", user="U_EVE", response_url=url))
        await until(lambda: came, "it is answered")
    assert "support group" in came[0]
