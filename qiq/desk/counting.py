"""How often somebody did something of late, counted for all processes that share the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select

from qiq.desk.schema import code_requests as table
from qiq.desk.store import Store

LONGEST_SECONDS = 3600.0
"""What is older counts for no limit and is forgotten."""


class Counting(Store):
    """Of a subject (an address, a talk, a visitor) only a digest is kept."""

    def take(self, *subjects: str, most: int, seconds: float) -> float:
        """Counts one event of each subject: 0.0. When one of them had ``most`` within ``seconds``
        (an hour at the longest) nothing is counted: the seconds to wait."""
        now = self.now()
        marks = sorted({hashlib.sha256(one.lower().encode()).hexdigest() for one in subjects})
        forgotten = now - timedelta(seconds=LONGEST_SECONDS)
        with self.write() as connection:
            _one_at_a_time(connection, marks)
            connection.execute(delete(table).where(table.c.at < forgotten))
            for mark in marks:
                count, first = connection.execute(
                    select(func.count(), func.min(table.c.at, type_=table.c.at.type)).where(
                        table.c.subject == mark, table.c.at > now - timedelta(seconds=seconds)
                    )
                ).one()
                if count >= most:
                    return float(seconds - (now - first).total_seconds())
            connection.execute(insert(table), [{"subject": mark, "at": now} for mark in marks])
        return 0.0


def _one_at_a_time(connection: Connection, marks: Sequence[str]) -> None:
    """In PostgreSQL two transactions could count the same events; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for mark in marks:  # in order, so that two callers cannot wait for each other
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(mark))))
