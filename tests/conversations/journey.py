"""A journey that something is killed in, and what must hold after it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from qiq.desk import Desk
from tests.conversations.customer import Customer, Event, payload_of

STEPS = (
    ("Outlook can't see the mail server", ""),
    ("rosebakery.example", "diagnosis"),
    ("still not working", "diagnosis"),
)


def walk(
    customer: Customer,
    step: int,
    *,
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
) -> None:
    """The journey; ``before`` and ``after`` happen around the message of ``step``."""
    for place, (text, kind) in enumerate(STEPS):
        if place == step:
            before()
        message = customer.writes(text)
        if place == step:
            after()
        customer.waits_for(message, kind)


def nothing_lost_or_doubled(customer: Customer, url: str) -> None:
    """Every word is there once, every result was told once, and one case was opened."""
    events = customer.heard()
    assert [e["text"] for e in events if e["author"] == "visitor"] == [text for text, _ in STEPS]
    results = [e for e in events if payload_of(e).get("type") == "diagnosis"]
    assert len(results) == 2, "each look is told once"
    _never_twice_in_a_row([e for e in events if e["author"] == "bot"])
    [number] = {payload_of(e)["case"] for e in results if payload_of(e).get("case")}
    desk = Desk(url, migrate=False)
    try:
        conversation = desk.conversations_of(number)[0]
        assert [case.number for case in desk.cases_of(conversation)] == [number]
        assert desk.pending_turns(conversation) == 0
    finally:
        desk.dispose()


def _never_twice_in_a_row(said: list[Event]) -> None:
    texts = [event["text"] for event in said]
    assert all(one != two for one, two in pairwise(texts)), texts
