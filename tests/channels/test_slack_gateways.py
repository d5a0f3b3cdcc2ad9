"""Several gateways on one database show staff everything once, and one goes on for another."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from qiq.gateway.slack.room import Room
from tests.channels.slack_world import World, until
from tests.channels.words import say


@pytest.fixture
def rooms(world: World) -> list[Room]:
    first = world.channel.room
    settings = first.poster.settings
    return [
        first,
        *(Room(world.desk, first.client, settings, say, world.state, pause=0.05) for _ in "ab"),
    ]


async def test_several_gateways_post_everything_once(world: World, rooms: list[Room]) -> None:
    talk = world.talk()
    for _ in range(3):
        await asyncio.gather(*(room.step() for room in rooms))
        world.desk.append(talk, "visitor", "message", {"text": "hello?"}, key="v2")
    assert len(world.slack.roots()) == 1
    assert len([line for line in world.slack.thread() if "hello?" in line]) == 1


async def test_when_one_stops_another_goes_on_at_once(world: World, rooms: list[Room]) -> None:
    first = asyncio.create_task(rooms[0].run())
    world.talk()
    await until(lambda: world.slack.roots(), "the first posts")
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    world.desk.raise_alert("part_down", "Rasa does not work.", key="part_down:rasa")
    await rooms[1].step()
    assert "Rasa does not work" in str(world.slack.roots())


async def test_when_one_dies_another_goes_on_after_half_a_minute(
    world: World, rooms: list[Room]
) -> None:
    await rooms[0].step()
    world.talk()
    await rooms[1].step()
    assert world.slack.roots() == []
    before = world.desk.now
    world.desk.now = lambda: before() + timedelta(seconds=31)  # type: ignore[method-assign]
    await rooms[1].step()
    assert len(world.slack.roots()) == 1
