"""Brings a database up to date with Alembic: an old one is upgraded and never lost.

Alembic itself is imported only when there is something to do: most starts find the newest tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_301_954
"""PostgreSQL advisory lock: gateway and action server may start at the same moment."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def head() -> str:
    """The newest revision this program knows: scripts are named ``<revision>_<what>.py``."""
    return max(path.name.split("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def current(connection: Connection) -> str | None:
    """The revision of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(revision) if revision else None


def upgrade(engine: Engine) -> None:
    """Upgrades to the newest revision, one process at a time."""
    with engine.connect() as connection:
        if current(connection) == head():
            return
    from alembic import command

    with engine.execution_options(qiq_write=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if current(connection) != head():
            command.upgrade(config(connection), "head")
