"""The desk's one door to the database: engine, transactions, clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import InterfaceError as SqlInterfaceError

from qiq.desk.types import utc_now

BUSY_SECONDS = 3.0
"""How long a statement waits for a lock: the customer is owed a sentence within 10 s."""


class StoreUnavailable(Exception):
    """The database is locked, full, or cannot be reached. What was asked for was not done."""


def database_url(text: str) -> str:
    """The SQLAlchemy address of a setting: plain ``postgresql://`` means the pg8000 driver."""
    url = make_url(text)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+pg8000")
    return url.render_as_string(hide_password=False)


def make_engine(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for SQLite (write-ahead log) or PostgreSQL."""
    full = database_url(url)
    if not full.startswith("sqlite"):
        return create_engine(
            full, hide_parameters=True, pool_pre_ping=True, connect_args={"timeout": busy_seconds}
        )
    engine = create_engine(full, hide_parameters=True, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off: _sqlite_begin says which kind.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _sqlite_begin(connection: Connection) -> None:
    # A reader that later writes fails at once with "database is locked" and no waiting,
    # so writers take the lock from the start.
    write = connection.get_execution_options().get("qiq_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


class Store:
    """Shared by the parts of the desk: ``read()`` and ``write()`` transactions and a clock."""

    def __init__(
        self,
        url: str,
        *,
        now: Callable[[], datetime] = utc_now,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.engine = make_engine(url, busy_seconds)
        self._writer = self.engine.execution_options(qiq_write=True)
        self.now = now

    @property
    def is_shared(self) -> bool:
        """Whether other machines may use it as well: a server, not a file."""
        return self.engine.dialect.name != "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end. Raises ``StoreUnavailable``."""
        with translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look. Raises ``StoreUnavailable``."""
        with translated(), self.engine.connect() as connection:
            yield connection

    def dispose(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """What the database says of itself becomes ``StoreUnavailable``, here and nowhere else."""
    try:
        yield
    except (OperationalError, SqlInterfaceError) as error:
        raise StoreUnavailable(type(error.orig).__name__) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable(type(error.orig).__name__) from error
        raise
    except OSError as error:
        raise StoreUnavailable(type(error).__name__) from error
