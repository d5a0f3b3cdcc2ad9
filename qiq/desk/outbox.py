"""What is still to be delivered to a messenger or a ticket system: none lost, none doubled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from qiq.desk.model import OutboxItem
from qiq.desk.schema import outbox
from qiq.desk.store import Store
from qiq.desk.types import new_id

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 900.0
GIVE_UP_TRIES = 60
"""About half a day of tries; then the item is kept as ``dead`` and staff are told."""


def put(
    connection: Connection,
    *,
    now: datetime,
    channel: str,
    address: str,
    body: Mapping[str, Any],
    key: str,
) -> bool:
    """Adds one item within the caller's transaction; False when ``key`` is already there."""
    if connection.execute(select(outbox.c.id).where(outbox.c.key == key)).first():
        return False
    connection.execute(
        insert(outbox).values(
            id=new_id("o"),
            key=key,
            channel=channel,
            address=address,
            body=dict(body),
            state="due",
            tries=0,
            next_at=now,
            at=now,
        )
    )
    return True


class Outbox(Store):
    """Deliveries that survive a restart."""

    def enqueue(self, channel: str, address: str, body: Mapping[str, Any], key: str) -> bool:
        """Keeps one delivery until it has been made; the same ``key`` is kept once."""
        with self.write() as connection:
            return put(
                connection, now=self.now(), channel=channel, address=address, body=body, key=key
            )

    def due(self, limit: int = 20, lease_seconds: float = 60.0) -> list[OutboxItem]:
        """Items to deliver now, leased so that no other process takes them too.

        Of one address only the oldest: a later message never overtakes an earlier one.
        """
        now = self.now()
        with self.write() as connection:
            rows = connection.execute(
                select(outbox).where(outbox.c.state == "due").order_by(outbox.c.at, outbox.c.id)
            ).all()
            heads: dict[tuple[str, str], Any] = {}
            for row in rows:
                heads.setdefault((row.channel, row.address), row)
            found: list[Row[Any]] = []
            for row in heads.values():
                if len(found) == limit or row.next_at > now:
                    continue
                taken = connection.execute(
                    update(outbox)
                    .where(
                        outbox.c.id == row.id,
                        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until < now),
                    )
                    .values(leased_until=now + timedelta(seconds=lease_seconds))
                )
                if taken.rowcount == 1:
                    found.append(row)
        return [
            OutboxItem(row.id, row.key, row.channel, row.address, row.body, row.tries)
            for row in found
        ]

    def delivered(self, item_id: str, remote_id: str | None = None) -> None:
        """The channel took it; ``remote_id`` is the channel's own name for it."""
        with self.write() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.id == item_id)
                .values(state="sent", leased_until=None, error=None, remote_id=remote_id)
            )

    def failed(self, item_id: str, error: str, *, final: bool = False) -> bool:
        """Not taken: tried again later, with longer pauses. True when it was given up."""
        with self.write() as connection:
            row = connection.execute(select(outbox.c.tries).where(outbox.c.id == item_id)).one()
            dead = final or row.tries + 1 >= GIVE_UP_TRIES
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**row.tries)
            connection.execute(
                update(outbox)
                .where(outbox.c.id == item_id)
                .values(
                    state="dead" if dead else "due",
                    tries=row.tries + 1,
                    next_at=self.now() + timedelta(seconds=pause),
                    leased_until=None,
                    error=error[:500],
                )
            )
        return dead
