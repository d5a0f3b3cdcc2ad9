"""When a part fails, the customer gets a sentence, staff are told, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.gateway.conftest import FakeRasa, Script, Stage, Theatre, echo, free_socket, line, until


def nobody() -> str:
    """An address where nothing listens."""
    sock = free_socket()
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    sock.close()
    return url


async def hung(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    await rasa.hold.wait()
    async for one in echo(rasa, body):
        yield one


async def rubbish(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    yield b"<html>502 Bad Gateway</html>\n"


async def cut_off(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    yield line(type="message", text="I am checking.")


async def no_actions(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    yield line(type="message", text="I am checking.")
    yield line(type="end", ok=False, error="action_server")


async def nothing(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    yield line(type="end", ok=True)


async def alerts(stage: Stage) -> list[str]:
    return [one.text for one in stage.house.desk.open_alerts()]


async def answered(stage: Stage, text: str) -> bool:
    return f"You said: {text}" in await stage.texts()


async def test_rasa_down_is_said_at_once_and_to_staff(theatre: Theatre) -> None:
    async with theatre.open(rasa_url=nobody()) as stage:
        [reply] = await stage.say("my mail is gone")
        assert reply["text"] == stage.words("system.trouble")
        [alert] = await alerts(stage)
        assert "down" in alert


async def test_messages_typed_while_rasa_is_down_are_answered_in_order(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(status=503)) as stage:
        first = await stage.say("one")
        second = await stage.say("two")
        third = await stage.say("three")
        said = [first[0]["text"], second[0]["text"], third[0]["text"]]
        assert said == [
            stage.words("system.trouble"),
            stage.words("system.kept_too", count="2"),
            stage.words("system.kept_too", count="3"),
        ]
        stage.rasa.status = 200

        async def all_answered() -> bool:
            return await answered(stage, "three")

        await until(all_answered)
        assert await stage.texts() == ["You said: one", "You said: two", "You said: three"]
        late = stage.words("system.late_answer")
        assert (await stage.texts(author="system")).count(late) == 1
        assert await alerts(stage) == [], "the outage is over for staff as well"


@pytest.mark.parametrize("script", [rubbish, cut_off, no_actions])
async def test_an_answer_that_breaks_off_is_not_silence(theatre: Theatre, script: Script) -> None:
    async with theatre.open(FakeRasa(script)) as stage:
        replies = await stage.say("help")
        assert replies[-1]["text"] == stage.words("system.trouble")
        stage.rasa.script = echo
        await until(lambda: answered(stage, "help"))
        assert (await stage.texts()).count("I am checking.") <= 1


async def test_what_was_said_before_a_break_is_not_said_again(theatre: Theatre) -> None:
    async def breaks_then_works(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
        yield line(type="message", text="I am checking.")
        if len(rasa.heard) == 1:
            return
        yield line(type="message", text="All is well.")
        yield line(type="end", ok=True)

    async with theatre.open(FakeRasa(breaks_then_works)) as stage:
        await stage.say("help")

        async def done() -> bool:
            return "All is well." in await stage.texts()

        await until(done)
        assert await stage.texts() == ["I am checking.", "All is well."]


async def test_a_hung_rasa_gets_a_sentence_within_the_turn_then_an_answer(
    theatre: Theatre,
) -> None:
    async with theatre.open(FakeRasa(hung), nudge=0.2, silence=60) as stage:
        replies = await stage.say("help")
        assert [r["text"] for r in replies] == [stage.words("system.still_working")]
        stage.rasa.hold.set()
        await until(lambda: answered(stage, "help"))


async def test_a_rasa_hung_for_good_is_given_up_and_asked_again(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(hung), nudge=0.1, silence=0.5) as stage:
        await stage.say("help")

        async def told() -> bool:
            return bool(await alerts(stage))

        await until(told)
        stage.rasa.hold.set()
        await until(lambda: answered(stage, "help"))


async def test_an_empty_turn_is_not_silence(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(nothing)) as stage:
        [reply] = await stage.say("help")
        assert reply["text"] == stage.words("system.no_answer")
        assert reply["buttons"][0]["title"] == stage.words("system.human_title")


async def test_a_message_rasa_cannot_take_goes_to_a_person(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(status=400)) as stage:
        await stage.say("poison")

        async def handed_over() -> bool:
            return bool(stage.house.desk.waiting())

        await until(handed_over)
        assert stage.words("system.gave_up") in await stage.texts(author="system")


async def test_wanting_a_person_works_without_rasa(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(nothing)) as stage:
        [reply] = await stage.say("help")
        stage.rasa.status = 503
        await stage.say(reply["buttons"][0]["payload"])
        [(_, handover)] = stage.house.desk.waiting()
        assert handover.reason == "asked"


async def test_a_locked_store_keeps_the_message_and_answers_later(theatre: Theatre) -> None:
    async with theatre.open(busy=0.1) as stage:
        await stage.say("before")
        other = sqlite3.connect(theatre.state / "desk.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        first = await stage.say("one")
        second = await stage.say("two")
        assert first[0]["text"] == second[0]["text"] == stage.words("system.store_locked")
        assert (theatre.state / "kept.jsonl").stat().st_mode & 0o777 == 0o600
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: answered(stage, "two"))
        assert await stage.texts() == ["You said: before", "You said: one", "You said: two"]
        assert not (theatre.state / "kept.jsonl").exists()


async def test_a_restart_answers_what_was_pending(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(status=503)) as stage:
        await stage.say("still there?")
    async with theatre.open() as stage:
        await until(lambda: answered(stage, "still there?"))
        assert (await stage.texts()).count("You said: still there?") == 1


async def test_a_store_locked_in_mid_turn_loses_no_reply(theatre: Theatre) -> None:
    async def slow(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
        await rasa.hold.wait()
        async for one in echo(rasa, body):
            yield one

    async with theatre.open(FakeRasa(slow), busy=0.1, nudge=30) as stage:
        saying = asyncio.create_task(stage.say("help"))

        async def asked() -> bool:
            return bool(stage.rasa.heard)

        await until(asked)
        other = sqlite3.connect(theatre.state / "desk.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        stage.rasa.hold.set()
        await asyncio.to_thread(stage.rasa.hold.is_set)
        other.execute("ROLLBACK")
        other.close()
        [reply] = await saying
        assert reply["text"] == "You said: help"
