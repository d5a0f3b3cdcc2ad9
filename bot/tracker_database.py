"""The tracker's table and the two databases it lives in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.url import URL, make_url

METADATA = sa.MetaData()
TABLE = sa.Table(
    "rasa_tracker",
    METADATA,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("updated", sa.Float, nullable=False, index=True),
)
INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def open_engine(url: str, timeout: float) -> sa.engine.Engine:
    """Connect and make the table; waiting for a connection or a lock ends after `timeout` s."""
    target = _with_driver(make_url(url))
    if target.get_backend_name() == "sqlite":
        engine = sa.create_engine(target, connect_args={"timeout": timeout})
        sa.event.listen(engine, "connect", _tune_sqlite)
    else:
        engine = sa.create_engine(
            target,
            pool_pre_ping=True,
            pool_timeout=timeout,
            connect_args={
                "connect_timeout": max(1, int(timeout)),
                "options": f"-c statement_timeout={int(timeout * 1000)}",
            },
        )
    METADATA.create_all(engine)
    return engine


def upsert(connection: sa.engine.Connection, row: dict[str, Any]) -> Any:
    """Insert the row, or replace the one of the same conversation."""
    statement = INSERTS[connection.dialect.name](TABLE).values(**row)
    return statement.on_conflict_do_update(
        index_elements=[TABLE.c.conversation],
        set_={name: statement.excluded[name] for name in ("state", "updated")},
    )


def _with_driver(url: URL) -> URL:
    """The product names its own driver (pg8000); Rasa's environment has psycopg2."""
    backend = url.get_backend_name()
    if backend not in INSERTS:
        raise ValueError(f"tracker store: {backend!r} is not supported; use sqlite or postgresql")
    return url.set(drivername="postgresql+psycopg2" if backend == "postgresql" else backend)


def _tune_sqlite(connection: Any, _: Any) -> None:
    # WAL lets readers go on while one writes, and needs no disk flush at each commit.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
