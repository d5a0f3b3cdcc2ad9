"""Staff are told of faults whatever else is wrong with Slack, a channel, a message or ourselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import event

from tests.channels.slack_world import Found, World, payload, until


@asynccontextmanager
async def running(world: World) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(world.channel.room.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_answers_that_break_off_do_not_end_the_telling(world: World) -> None:
    world.talk()
    world.slack.cut_off = True
    async with running(world) as task:
        await until(lambda: len(world.slack.calls) > 4 or task.done(), "Slack was asked again")
        world.slack.cut_off = False
        await until(lambda: world.slack.roots() or task.done(), "the alert is posted")
    assert len(world.slack.roots()) == 1


async def test_a_bug_of_ours_does_not_end_the_telling(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.talk()
    failures = iter([KeyError("bug")])
    real = world.desk.unposted_alerts

    def broken() -> list[object]:
        for error in failures:
            raise error
        return list(real())

    monkeypatch.setattr(world.desk, "unposted_alerts", broken)
    async with running(world) as task:
        await until(lambda: world.slack.roots() or task.done(), "the alert is posted")
    assert len(world.slack.roots()) == 1


def part_down(world: World, name: str) -> None:
    world.desk.raise_alert("part_down", f"{name} does not work.", key=f"part_down:{name}")


async def test_an_archived_channel_is_replaced_by_the_default_one(world: World) -> None:
    world.slack.closed = {"C_MAIL"}
    world.talk()
    part_down(world, "Rasa")
    for _ in range(3):
        await world.channel.room.step()
    shown = {root["channel"]: str(root["blocks"]) for root in world.slack.roots()}
    assert set(shown) == {"C_ALL"}
    everything = str(world.slack.roots()).replace("\\u200b", "")
    assert "Outlook fails" in everything
    assert "Rasa does not work" in everything
    assert "C_MAIL" in everything, "staff are told which channel is gone"
    assert len(world.slack.roots()) == 3


async def test_a_channel_archived_later_moves_its_open_talks(world: World) -> None:
    talk = world.talk()
    await world.channel.room.step()
    world.slack.closed = {"C_MAIL"}
    world.desk.append(talk, "visitor", "message", {"text": "hello? anyone?"}, key="v2")
    for _ in range(3):
        await world.channel.room.step()
    moved = [root for root in world.slack.roots() if "Outlook fails" in str(root["blocks"])]
    assert [root["channel"] for root in moved] == ["C_MAIL", "C_ALL"]
    assert any("anyone?" in line for line in world.slack.thread(moved[1]["ts"]))


async def test_a_channel_that_works_again_ends_its_alert(world: World) -> None:
    world.slack.closed = {"C_MAIL"}
    world.talk()
    await world.channel.room.step()
    assert [alert.kind for alert in world.desk.open_alerts()] == ["host_fault", "channel"]
    world.slack.closed = set()
    talk = world.desk.open_conversation("widget", "w2")
    case = world.desk.open_case(talk.id, "email_cannot_connect", "example.com", "no mail")
    world.desk.record_diagnosis(case, payload(), Found().staff_text())
    world.desk.alert(case, Found())
    await world.channel.room.step()
    assert [alert.kind for alert in world.desk.open_alerts()] == ["host_fault", "host_fault"]


async def test_without_any_channel_the_others_are_tried_and_nothing_is_lost(world: World) -> None:
    world.slack.closed = {"C_ALL"}
    part_down(world, "Rasa")
    world.talk()
    await world.channel.room.step()
    assert [root["channel"] for root in world.slack.roots()] == ["C_MAIL"]
    world.slack.closed = set()
    async with running(world):
        await until(lambda: "Rasa does not work" in str(world.slack.roots()), "it is posted later")


async def test_a_deleted_message_is_posted_anew_while_it_is_open(world: World) -> None:
    talk = world.talk()
    part_down(world, "Rasa")
    await world.channel.room.step()
    (root,) = [one for one in world.slack.roots() if one["channel"] == "C_MAIL"]
    world.slack.forget(root["ts"])
    world.desk.hand_over(talk, "asked", "Zoë wants a person")
    world.desk.end_alert("part_down:Rasa")
    for _ in range(2):
        await world.channel.room.step()
    again = [one for one in world.slack.roots() if "Outlook fails" in str(one["blocks"])]
    assert len(again) == 1
    assert "Over." in str(world.slack.updates), "the others are brought up to date"


async def test_a_deleted_message_of_something_over_stays_deleted(world: World) -> None:
    part_down(world, "Rasa")
    await world.channel.room.step()
    world.slack.forget(world.slack.roots()[0]["ts"])
    world.desk.end_alert("part_down:Rasa")
    for _ in range(2):
        await world.channel.room.step()
    assert world.slack.messages == []
    assert world.desk.posts() == []


async def statements(world: World) -> int:
    """How much is read from the desk in one step, beside the lease, which has its own clock."""
    count = 0

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal count
        count += statement.startswith("SELECT") and "leases" not in statement

    event.listen(world.desk.engine, "before_cursor_execute", note)
    await world.channel.room.step()
    event.remove(world.desk.engine, "before_cursor_execute", note)
    return count


async def past(world: World, times: range) -> None:
    """So many parts that were down and incidents that are over, all of them shown."""
    for n in times:
        part_down(world, f"part {n}")
        made = world.desk.start_incident("mail.imap.refused", f"mail{n}", "Mail is down", "Jo")
        await world.channel.room.step()
        world.desk.end_alert(f"part_down:part {n}")
        world.desk.close_incident(made.id, "Repaired", "Jo")
        await world.channel.room.step()


async def test_what_is_over_costs_nothing_any_more(world: World) -> None:
    await past(world, range(2))
    few = await statements(world)
    await past(world, range(2, 8))
    assert await statements(world) == few


async def test_a_part_that_is_down_again_is_shown_so_again(world: World) -> None:
    part_down(world, "Rasa")
    for over in (False, True, False, True):
        (world.desk.end_alert("part_down:Rasa") if over else part_down(world, "Rasa"))
        await world.channel.room.step()
        (root,) = world.slack.roots()
        assert ("Over." in str(world.slack.now(root["ts"])["blocks"])) is over
