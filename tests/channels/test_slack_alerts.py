"""Incidents, stuck cases, parts of the bot: told once, kept up to date, told again on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qiq.desk import Desk
from qiq.gateway.watchman import Watchman
from tests.channels.fake_slack import FakeSlack
from tests.channels.slack_world import World
from tests.channels.words import say
from tests.gateway.conftest import settings_with

CAUSE, SERVER = "mail.imap.refused", "mail1"


def joined(desk: Desk, who: str) -> None:
    talk = desk.open_conversation("widget", who)
    case = desk.open_case(talk.id, "email_cannot_connect", "example.com", "no mail")
    desk.join_incident(case, CAUSE, SERVER)


def shown(slack: FakeSlack, root: dict[str, Any]) -> str:
    return str(slack.now(root["ts"])["blocks"])


async def test_an_incident_opens_grows_and_closes_as_one_message(world: World) -> None:
    for who in "abc":
        joined(world.desk, who)
    await world.channel.room.step()
    (root,) = world.slack.roots()
    assert root["channel"] == "C_INCIDENTS"
    assert "3 customers" in shown(world.slack, root)

    joined(world.desk, "d")
    (incident,) = world.desk.open_incidents()
    world.desk.update_incident(incident.id, "We replace a disk", "Jo")
    await world.channel.room.step()
    now = shown(world.slack, root)
    assert "4 customers" in now
    assert "Jo: We replace a disk" in now

    world.desk.close_incident(incident.id, "The disk is new", "Jo")
    await world.channel.room.step()
    updates = len(world.slack.updates)
    await world.channel.room.step()
    assert "Over." in shown(world.slack, root)
    assert len(world.slack.roots()) == 1
    assert len(world.slack.updates) == updates, "nothing is updated without need"


async def test_a_second_alert_of_a_talk_is_a_line_the_channel_sees(world: World) -> None:
    talk = world.talk()
    await world.channel.room.step()
    world.desk.hand_over(talk, "asked", "Zoë wants a person")
    await world.channel.room.step()
    await world.channel.room.step()
    (line,) = [m for m in world.slack.messages if m.get("reply_broadcast")]
    assert "A customer wants a person" in line["text"]
    assert line["thread_ts"] == world.slack.roots()[0]["ts"]
    assert len(world.slack.roots()) == 1


async def test_a_crash_between_telling_and_noting_it_tells_once(world: World) -> None:
    talk = world.talk()
    await world.channel.room.step()
    world.desk.hand_over(talk, "asked", "Zoë wants a person")
    world.slack.lose_answer_of = "chat.postMessage"
    with pytest.raises(Exception, match="internal_error"):
        await world.channel.room.step()
    await world.channel.room.step()
    assert len([m for m in world.slack.messages if m.get("reply_broadcast")]) == 1


async def test_a_part_that_works_again_is_marked_as_over(world: World) -> None:
    world.desk.raise_alert("part_down", "Rasa does not work (down).", key="part_down:rasa")
    await world.channel.room.step()
    (root,) = world.slack.roots()
    assert "A part of the bot is down" in str(root["blocks"])
    world.desk.end_alert("part_down:rasa")
    await world.channel.room.step()
    now = shown(world.slack, root)
    assert "Rasa does not work" in now
    assert "Over." in now


class House:
    """What the watchman needs of the gateway."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.settings = settings_with(desk={"stuck_minutes": 30})
        self.say = say


@pytest.fixture
def watchman(world: World) -> Watchman:
    world.desk.hours = settings_with(
        hours={"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "opens": "00:00",
               "closes": "23:59"}
    ).hours  # fmt: skip
    return Watchman(House(world.desk))  # type: ignore[arg-type]


def later(world: World, minutes: float) -> None:
    before = world.desk.now
    world.desk.now = lambda: before() + timedelta(minutes=minutes)  # type: ignore[method-assign]


def told(world: World) -> list[str]:
    return [m["text"] for m in world.slack.messages if m.get("reply_broadcast")]


async def test_a_stuck_case_is_told_and_told_again_until_somebody_moves(
    world: World, watchman: Watchman
) -> None:
    talk = world.talk()
    await world.channel.room.step()
    watchman.look()
    await world.channel.room.step()
    assert told(world) == []

    for times in (1, 2):
        later(world, 31)
        watchman.look()
        watchman.look()
        await world.channel.room.step()
        assert len(told(world)) == times
    assert "A case is stuck" in told(world)[0]
    assert "nobody has claimed it" in told(world)[0]

    await world.staff.claim(talk, "Jo")
    later(world, 31)
    watchman.look()
    await world.channel.room.step()
    assert len(told(world)) == 2
    assert [a for a in world.desk.open_alerts() if a.kind == "stuck"] == []


async def test_words_left_without_an_answer_by_a_person_are_stuck_too(
    world: World, watchman: Watchman
) -> None:
    talk = world.talk()
    await world.staff.claim(talk, "Jo")
    world.desk.append(talk, "visitor", "message", {"text": "and now?"}, key="v9")
    later(world, 31)
    watchman.look()
    (alert,) = [a for a in world.desk.open_alerts() if a.kind == "stuck"]
    assert "had no answer" in alert.text


async def test_what_was_snoozed_or_falls_outside_the_hours_calls_nobody(
    world: World, watchman: Watchman
) -> None:
    talk = world.talk()
    await world.channel.room.step()
    later(world, 31)
    await world.staff.snooze(f"c:{talk}")
    watchman.look()
    assert [a for a in world.desk.open_alerts() if a.kind == "stuck"] == []
    later(world, 120)
    world.desk.hours = settings_with(hours={"days": []}).hours
    watchman.look()
    assert [a for a in world.desk.open_alerts() if a.kind == "stuck"] == []
