"""What channels must remember: events seen, people who opted out, what was posted where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from qiq.desk.schema import conversations, messages
from qiq.desk.schema_channels import opt_outs, posts, seen
from qiq.desk.store import Store


@dataclass(frozen=True)
class Post:
    """Something shown to staff. ``ts`` is None while it is not known whether posting worked."""

    key: str
    room: str
    ts: str | None
    digest: str | None
    mirrored: int
    snoozed_until: datetime | None
    at: datetime


class ChannelMemory(Store):
    """Shared by all gateways, so that nothing is handled or posted twice."""

    def first_sight(self, key: str) -> bool:
        """True the first time ``key`` is handed in, False ever after (for a week)."""
        try:
            with self.write() as connection:
                connection.execute(delete(seen).where(seen.c.at < self.now() - timedelta(days=7)))
                connection.execute(insert(seen).values(key=key[:200], at=self.now()))
        except IntegrityError:
            return False
        return True

    def was_seen(self, key: str) -> bool:
        """Whether ``first_sight`` has been asked about ``key``."""
        return self.seen_at(key) is not None

    def seen_at(self, key: str) -> datetime | None:
        """When ``first_sight`` was first asked about ``key``."""
        with self.read() as connection:
            return connection.execute(select(seen.c.at).where(seen.c.key == key[:200])).scalar()

    def opt_out(self, channel: str, address: str) -> None:
        """No message any more until ``opt_in``."""
        if not self.opted_out(channel, address):
            with self.write() as connection:
                connection.execute(
                    insert(opt_outs).values(channel=channel, address=address, at=self.now())
                )

    def opt_in(self, channel: str, address: str) -> bool:
        """Messages are welcome again; False when they always were."""
        with self.write() as connection:
            done = connection.execute(
                delete(opt_outs).where(opt_outs.c.channel == channel, opt_outs.c.address == address)
            )
        return done.rowcount > 0

    def opted_out(self, channel: str, address: str) -> bool:
        """Whether this person wants no messages."""
        with self.read() as connection:
            row = connection.execute(
                select(opt_outs.c.at).where(
                    opt_outs.c.channel == channel, opt_outs.c.address == address
                )
            ).first()
        return row is not None

    def last_heard(self, conversation_id: str) -> datetime | None:
        """When the customer last wrote: messengers close a window 24 hours later."""
        with self.read() as connection:
            return connection.execute(
                select(func.max(messages.c.at)).where(
                    messages.c.conversation_id == conversation_id, messages.c.author == "visitor"
                )
            ).scalar()

    def active_since(self, moment: datetime) -> set[str]:
        """Conversations with an event since then."""
        table = conversations
        with self.read() as connection:
            rows = connection.execute(select(table.c.id).where(table.c.active_at >= moment))
            return {row.id for row in rows}

    def post(self, key: str) -> Post | None:
        """What was posted under ``key``, or None."""
        with self.read() as connection:
            row = connection.execute(select(posts).where(posts.c.key == key)).first()
        return Post(**row._mapping) if row else None

    def post_of_thread(self, room: str, ts: str) -> Post | None:
        """The post a thread hangs on, or None."""
        with self.read() as connection:
            row = connection.execute(
                select(posts).where(posts.c.room == room, posts.c.ts == ts)
            ).first()
        return Post(**row._mapping) if row else None

    def posts(self, days: int = 14) -> list[Post]:
        """Posts of late, oldest first."""
        since = self.now() - timedelta(days=days)
        with self.read() as connection:
            rows = connection.execute(
                select(posts).where(posts.c.at >= since).order_by(posts.c.at)
            ).all()
        return [Post(**row._mapping) for row in rows]

    def begin_post(self, key: str, room: str, mirrored: int = 0) -> Post:
        """Marks that ``key`` is about to be posted; an old mark means: look whether it was."""
        known = self.post(key)
        if known is not None:
            return known
        at = self.now()
        try:
            with self.write() as connection:
                connection.execute(
                    insert(posts).values(key=key, room=room, mirrored=mirrored, at=at)
                )
        except IntegrityError:  # another gateway was quicker
            return self.post(key) or self.begin_post(key, room, mirrored)
        return Post(key, room, None, None, mirrored, None, at)

    def change_post(self, key: str, **values: object) -> None:
        """Sets ``ts``, ``digest``, ``mirrored`` or ``snoozed_until``."""
        with self.write() as connection:
            connection.execute(update(posts).where(posts.c.key == key).values(**values))

    def drop_post(self, key: str) -> None:
        """It is gone from the channel: shown under ``key`` from now on is something new."""
        with self.write() as connection:
            connection.execute(delete(posts).where(posts.c.key == key))
