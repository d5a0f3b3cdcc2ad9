"""The database is killed, or locked, at each step of a journey: no word lost, no case doubled."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise

import pytest

from qiq import knowledge
from qiq.desk import Desk
from tests.conversations.conftest import running
from tests.conversations.customer import Customer, Event, payload_of
from tests.conversations.player import Stack
from tests.desk import postgres

STEPS = (
    ("Outlook can't see the mail server", ""),
    ("rosebakery.example", "diagnosis"),
    ("still not working", "diagnosis"),
)
KEPT = "system.store_locked"


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as made:
        yield made


@pytest.fixture(scope="module")
def on_postgres(server: postgres.Server) -> Iterator[Stack]:
    with running(QIQ_DATABASE_URL=server.url) as stack:
        yield stack


@pytest.mark.e2e
@postgres.needed
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_postgresql_killed_before_a_message(
    on_postgres: Stack, server: postgres.Server, step: int
) -> None:
    customer = Customer(on_postgres).opens()

    def without_database() -> None:
        server.kill()
        try:
            assert not customer.sends({"type": "message", "id": f"w{step}", "text": STEPS[step][0]})
            assert customer.refused == [knowledge.load().say(KEPT)]
        finally:
            server.start()

    _walk(customer, step, before=without_database)
    _nothing_lost_or_doubled(customer, server.url)


@pytest.mark.e2e
@postgres.needed
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_postgresql_killed_in_the_middle_of_a_turn(
    on_postgres: Stack, server: postgres.Server, step: int
) -> None:
    customer = Customer(on_postgres).opens()

    def killed() -> None:
        server.kill()
        server.start()

    _walk(customer, step, after=killed)
    _nothing_lost_or_doubled(customer, server.url)


LOCK = """
import sqlite3, sys
one = sqlite3.connect(sys.argv[1], isolation_level=None)
one.execute("BEGIN EXCLUSIVE")
one.execute("UPDATE conversations SET holder = 'person'")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.e2e
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_process_killed_in_the_middle_of_a_write_to_sqlite(stack: Stack, step: int) -> None:
    stack.lab("heal")
    customer = Customer(stack).opens()
    database = stack.state / "desk.db"

    def locked() -> None:
        command = [sys.executable, "-c", LOCK, str(database)]
        writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"locked\n"
        try:
            assert not customer.sends({"type": "message", "id": f"w{step}", "text": STEPS[step][0]})
            assert customer.refused == [knowledge.load().say(KEPT)]
        finally:
            writer.kill()
            writer.wait()

    _walk(customer, step, before=locked)
    _nothing_lost_or_doubled(customer, f"sqlite:///{database}")
    with closing(sqlite3.connect(database)) as look:
        assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _walk(
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


def _nothing_lost_or_doubled(customer: Customer, url: str) -> None:
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
