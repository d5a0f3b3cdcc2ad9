"""The same desk on PostgreSQL, where its programs are installed (Debian: ``postgresql``)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from qiq.desk import Desk, StoreUnavailable
from qiq.desk.schema import metadata
from tests.desk import postgres

pytestmark = postgres.needed


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.running() as made:
        yield made.url


@pytest.fixture(scope="module")
def desk(server: str) -> Iterator[Desk]:
    # Gateway and action server may meet an empty database at the same moment.
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: Desk(server), range(2))
    two.dispose()
    yield one
    one.dispose()


def test_the_migrations_make_the_same_tables(desk: Desk) -> None:
    with desk.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_many_writers_get_numbers_without_gaps_and_keys_count_once(desk: Desk) -> None:
    one = desk.open_conversation("widget", "many").id

    def write(n: int) -> int:
        body = {"text": "Grüße"}
        return desk.append(one, "visitor", "message", body, key=f"k{n % 20}", turn={}).seq

    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(write, range(40)))
    assert sorted(set(seqs)) == list(range(1, 21))
    assert [m.seq for m in desk.history(one)] == list(range(1, 21))


def test_a_turn_is_taken_by_one_of_several_gateways(desk: Desk) -> None:
    one = desk.open_conversation("widget", "turns").id
    desk.append(one, "visitor", "message", {"text": "x"}, key="k", turn={})
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: desk.take_turn(one, f"g{n}", 30), range(8)))
    assert sum(turn is not None for turn in taken) == 1


def test_an_outbox_item_is_taken_once(desk: Desk) -> None:
    desk.enqueue("telegram", "ann", {"n": 1}, "outbox-once")
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: desk.due(), range(8)))
    assert sum(len(batch) for batch in batches) == 1


def test_times_come_back_in_utc_and_a_case_goes_round(desk: Desk) -> None:
    conversation = desk.open_conversation("widget", "times")
    assert conversation.opened_at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    case = desk.open_case(conversation.id, "email_cannot_send", "müller.example", "…")
    desk.record_diagnosis(case, {"verdict": "host_fault", "cause": "x"}, "staff")
    desk.hand_over(conversation.id, "asked", "…")
    assert desk.conversations_of(case.number) == [conversation.id]
    desk.delete_conversation(conversation.id)
    assert desk.case(case.number) is None


def test_a_limit_holds_for_many_at_once(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: desk.take("crowd", most=5, seconds=60), range(24)))
    assert sum(wait == 0.0 for wait in found) == 5


def test_a_database_that_is_down_says_so(server: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StoreUnavailable):
        Desk(f"postgresql://qiq@127.0.0.1:{port}/postgres")
