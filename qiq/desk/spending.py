"""Checks run of late, counted for all processes together: who asked, and about which domain."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select, text

from qiq.desk.schema_channels import spent_checks as table
from qiq.desk.store import Store
from qiq.settings.windows import Full, Window

LOCK = 7_301_955
"""PostgreSQL advisory lock: counting and noting are one step. SQLite has one writer anyway."""


class Spending(Store):
    """Visitors are kept as digests, and nothing for longer than the longest window."""

    def spend_check(self, windows: Sequence[Window]) -> Full | None:
        """Counts one check in every window, or says which is full; then nothing is counted."""
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            longest = max(window.seconds for window in windows)
            old = self.now() - timedelta(seconds=longest)
            connection.execute(delete(table).where(table.c.at <= old))
            for window in windows:
                full = self._full(connection, window)
                if full is not None:
                    return full
            row: dict[str, object] = {"visitor": "", "domain": "", "at": self.now()}
            row.update((str(one.kind), _kept(one)) for one in windows if one.kind != "all")
            connection.execute(insert(table).values(row))
        return None

    def _full(self, connection: Connection, window: Window) -> Full | None:
        since = self.now() - timedelta(seconds=window.seconds)
        wanted = [table.c.at > since]
        if window.kind != "all":
            wanted.append(table.c[window.kind] == _kept(window))
        count, first = connection.execute(
            select(func.count(), func.min(table.c.at, type_=table.c.at.type)).where(*wanted)
        ).one()
        if count < window.most:
            return None
        wait = (first - since).total_seconds() if first else window.seconds
        return Full(window, wait)


def _kept(window: Window) -> str:
    if window.kind == "visitor":
        return hashlib.sha256(window.key.encode()).hexdigest()
    return window.key[:253]
