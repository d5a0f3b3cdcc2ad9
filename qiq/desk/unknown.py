"""Errors nobody has described yet: counted, and kept for staff to add to ``knowledge/errors``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from qiq.desk.schema_channels import unknown_errors as table
from qiq.desk.store import Store
from qiq.text.addresses import masked

if TYPE_CHECKING:
    from qiq.knowledge.model import UnknownError

MOST_KEPT = 1000
"""A stranger can invent errors: beyond this many, the rarest and oldest goes."""
LONGEST = 300


@dataclass(frozen=True)
class KeptError:
    """One unknown error. ``id`` is the beginning of a digest; the rest as in ``UnknownError``."""

    id: str
    kind: str
    text: str
    host: str | None
    port: int | None
    protocol: str | None
    code_class: str
    count: int
    first_at: datetime
    last_at: datetime


class UnknownErrors(Store):
    """Addresses and domains are masked and no conversation is remembered. A quoted sentence may
    still hold a name, so that errors end with the time the host has set, like conversations."""

    def keep_unknown(
        self, errors: Iterable[UnknownError], own: Collection[str] = frozenset()
    ) -> None:
        """Counts each error; the latest port and protocol read beside it are kept, and the server
        when it is one of the host's ``own``: any other name may be a customer's."""
        with self.write() as connection:
            for error in errors:
                host = error.host if error.host in own else None
                self._keep(connection, replace(error, host=host))

    def forget_unknown_after(self, days: int) -> int:
        """Takes off what nobody has met for ``days``; how many there were."""
        before = self.now() - timedelta(days=days)
        with self.write() as connection:
            return connection.execute(delete(table).where(table.c.last_at < before)).rowcount

    def unknown_errors(self) -> list[KeptError]:
        """All of them, the most frequent first, then the latest."""
        with self.read() as connection:
            rows = connection.execute(
                select(table).order_by(table.c.count.desc(), table.c.last_at.desc())
            ).all()
        return [KeptError(**row._mapping) for row in rows]

    def forget_unknown(self, ids: Iterable[str]) -> int:
        """Takes errors off the list; how many there were."""
        with self.write() as connection:
            return connection.execute(delete(table).where(table.c.id.in_(list(ids)))).rowcount

    def _keep(self, connection: Connection, error: UnknownError) -> None:
        text = masked(error.text)[:LONGEST]
        key = table.c.id == _id(error.kind, text)
        read: dict[str, Any] = {"host": error.host, "port": error.port, "protocol": error.protocol}
        now = self.now()
        again = (
            update(table)
            .where(key)
            .values(
                count=table.c.count + 1,
                last_at=now,
                **{name: value for name, value in read.items() if value},
            )
        )
        if connection.execute(again).rowcount:
            return
        self._make_room(connection)
        first = insert(table).values(
            id=_id(error.kind, text), kind=error.kind, text=text, code_class=error.code_class,
            count=1, first_at=now, last_at=now, **read,
        )  # fmt: skip
        try:
            with connection.begin_nested():
                connection.execute(first)
        except IntegrityError:  # another process met it first, between our two statements
            connection.execute(again)

    @staticmethod
    def _make_room(connection: Connection) -> None:
        kept = connection.execute(select(func.count()).select_from(table)).scalar() or 0
        if kept >= MOST_KEPT:
            rarest = select(table.c.id).order_by(table.c.count, table.c.last_at).limit(1)
            connection.execute(delete(table).where(table.c.id.in_(rarest.scalar_subquery())))


def _id(kind: str, text: str) -> str:
    same = " ".join(text.casefold().split())
    return hashlib.sha256(f"{kind} {same}".encode()).hexdigest()[:10]
