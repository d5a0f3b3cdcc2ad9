"""The database is killed, or locked, at each step of a journey: no word lost, no case doubled."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from qiq import knowledge
from tests.conversations.conftest import running
from tests.conversations.customer import Customer
from tests.conversations.journey import STEPS, nothing_lost_or_doubled, walk
from tests.conversations.player import Stack
from tests.desk import postgres

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

    walk(customer, step, before=without_database)
    nothing_lost_or_doubled(customer, server.url)


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

    walk(customer, step, after=killed)
    nothing_lost_or_doubled(customer, server.url)


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

    walk(customer, step, before=locked)
    nothing_lost_or_doubled(customer, f"sqlite:///{database}")
    with closing(sqlite3.connect(database)) as look:
        assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)
