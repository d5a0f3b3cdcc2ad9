"""A part is killed at each step of a journey: the conversation goes on."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conversations import journey
from tests.conversations.customer import Customer
from tests.conversations.player import Stack, Talk
from tests.conversations.script import Step

STEPS = ("Outlook can't see the mail server", "rosebakery.example", "still not working")
COMMANDS = {
    "rasa": "-m bot serve",
    "actions": "tests.conversations.actions_with_clock",
    "gateway": "-m qiq.gateway",
}
BACK_SECONDS = 180.0


@pytest.mark.e2e
@pytest.mark.parametrize("part", ["actions", "rasa"])
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_killed_part_costs_no_answer_and_no_second_case(stack: Stack, part: str, step: int):
    stack.lab("heal")
    talk = Talk(stack, f"killed-{part}-{step}-{time.monotonic_ns()}")
    for place, text in enumerate(STEPS):
        if place == step:
            os.kill(_process(stack, part), signal.SIGKILL)
        replies = talk.step(Step("writes", text))
        assert any(reply.get("text") for reply in replies), "silence"
        if place >= step:
            _until_answered(stack, talk)
    events = _until_filed(stack, talk)
    assert len(_cases(events)) == 1
    numbers = [e["seq"] for e in events if "seq" in e]
    assert numbers == sorted(set(numbers))


@pytest.mark.e2e
@pytest.mark.parametrize("part", sorted(COMMANDS))
@pytest.mark.parametrize("step", range(len(journey.STEPS)))
def test_a_part_killed_in_the_middle_of_a_turn(stack: Stack, part: str, step: int):
    stack.lab("heal")
    customer = Customer(stack).opens()
    journey.walk(customer, step, after=lambda: os.kill(_process(stack, part), signal.SIGKILL))
    journey.nothing_lost_or_doubled(customer, f"sqlite:///{stack.state / 'desk.db'}")


def _until_filed(stack: Stack, talk: Talk) -> list[dict[str, Any]]:
    """The whole talk once its result is there: on a busy machine REST hands out "still on it"."""
    until = time.monotonic() + BACK_SECONDS
    while time.monotonic() < until and not _cases(stack.conversation(talk.sender)):
        time.sleep(0.5)
    return stack.conversation(talk.sender)


def _cases(events: list[dict[str, Any]]) -> set[str]:
    return {e["custom"]["case"] for e in events if (e.get("custom") or {}).get("case")}


def _until_answered(stack: Stack, talk: Talk) -> None:
    """Waits until the part is back and what was kept has been answered by the bot itself."""
    until = time.monotonic() + BACK_SECONDS
    while time.monotonic() < until:
        events = [e for e in stack.conversation(talk.sender) if e["type"] == "message"]
        authors = [e["author"] for e in events]
        asked = len(authors) - 1 - authors[::-1].index("visitor")
        if "bot" in authors[asked:]:
            return
        time.sleep(0.5)
    raise AssertionError("never answered")


def _process(stack: Stack, part: str) -> int:
    """The process of this stack and no other: its environment names the state folder."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if COMMANDS[part] in command and f"QIQ_STATE={stack.state}\0" in environment:
            return int(folder.name)
    raise AssertionError(f"{part} does not run")
