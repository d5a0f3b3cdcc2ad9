"""How often somebody did something of late, counted for all processes that share the database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select

from qiq.desk.schema import counted as table
from qiq.desk.store import Store, StoreUnavailable
from qiq.settings.windows import Full, Together, Uncounted, Window

LONGEST_SECONDS = 3600.0
"""What is older counts for no limit and is forgotten."""


class Counting(Store):
    """Of a subject (an address, a talk, a visitor) only a digest is kept."""

    def take(self, *subjects: str, most: int, seconds: float) -> float:
        """Counts one event of each subject: 0.0. When one of them had ``most`` within ``seconds``
        (an hour at the longest) nothing is counted: the seconds to wait."""
        full = self.take_all([Window("", subject, most, seconds) for subject in subjects])
        return full.seconds if full else 0.0

    def take_all(self, windows: Iterable[Window]) -> Full | None:
        """The same where each subject has a limit of its own: the one that is full, if any."""
        now = self.now()
        by_mark = {_mark(one.subject): one for one in windows}
        if not by_mark:
            return None
        with self.write() as connection:
            _one_at_a_time(connection, sorted(by_mark))
            for mark, window in by_mark.items():
                since = now - timedelta(seconds=window.seconds)
                count, first = connection.execute(
                    select(func.count(), func.min(table.c.at, type_=table.c.at.type)).where(
                        table.c.subject == mark, table.c.at > since
                    )
                ).one()
                if count >= window.most:
                    return Full(window, (first - since).total_seconds())
            connection.execute(insert(table), [{"subject": mark, "at": now} for mark in by_mark])
        return None

    def forget_counted(self) -> int:
        """Deletes what counts for no limit any more; returns how many events. Not done while
        somebody is counted: they would wait for each other."""
        before = self.now() - timedelta(seconds=LONGEST_SECONDS)
        with self.write() as connection:
            return connection.execute(delete(table).where(table.c.at < before)).rowcount


def together(opened: Callable[[], Counting]) -> Together:
    """``take_all`` of the desk that ``opened`` gives, for callers that know no database."""

    def count(windows: Sequence[Window]) -> Full | None:
        try:
            return opened().take_all(windows)
        except StoreUnavailable as error:
            raise Uncounted from error

    return count


def _mark(subject: str) -> str:
    return hashlib.sha256(subject.lower().encode()).hexdigest()


def _one_at_a_time(connection: Connection, marks: Sequence[str]) -> None:
    """In PostgreSQL two transactions could count the same events; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for mark in marks:  # in order, so that two callers cannot wait for each other
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(mark))))
