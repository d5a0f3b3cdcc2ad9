"""Locked and old databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from qiq.desk import Desk, StoreUnavailable
from qiq.desk.migrate import config, head
from qiq.desk.schema import metadata
from qiq.desk.store import database_url, make_engine


def test_a_locked_store_says_so_instead_of_hanging(desk: Desk, tmp_path: Path) -> None:
    one = desk.open_conversation("widget", "a").id
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable):
        desk.append(one, "visitor", "message", {"text": "x"}, key="k")
    other.execute("ROLLBACK")
    other.close()
    assert desk.append(one, "visitor", "message", {"text": "x"}, key="k").seq == 1


def test_opening_again_keeps_everything(url: str) -> None:
    first = Desk(url)
    one = first.open_conversation("widget", "a").id
    first.append(one, "visitor", "message", {"text": "Grüße"}, key="k")
    first.dispose()
    second = Desk(url)
    assert [m.body["text"] for m in second.history(one)] == ["Grüße"]


def test_the_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    desk = Desk(f"sqlite:///{tmp_path / 'fresh' / 'desk.db'}")
    with desk.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_the_newest_script_is_alembics_head() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == head()


def test_an_old_database_is_upgraded_and_keeps_its_rows(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.execution_options(qiq_write=True).begin() as connection:
        command.upgrade(config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO conversations (id, channel, address, visitor, holder, "
                "verified_domains, last_seq, opened_at, active_at) VALUES "
                "('c_1', 'widget', 'ann', 'v_1', 'bot', '[]', 0, "
                "'2026-01-01 00:00:00', '2026-01-01 00:00:00')"
            )
        )
    engine.dispose()
    desk = Desk(f"sqlite:///{tmp_path / 'old.db'}")
    assert desk.open_conversation("widget", "ann").id == "c_1"
    assert desk.first_sight("a table of a later revision")


def test_sqlite_writes_ahead_and_checks_references(desk: Desk) -> None:
    with desk.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_plain_postgresql_address_uses_the_shipped_driver() -> None:
    assert database_url("postgresql://u:p@db/qiq") == "postgresql+pg8000://u:p@db/qiq"
