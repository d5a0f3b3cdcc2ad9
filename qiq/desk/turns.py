"""Turns: visitor messages that the bot still owes an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from qiq.desk.model import Message, Turn
from qiq.desk.rows import message_of
from qiq.desk.schema import messages, turns
from qiq.desk.store import Store


class Turns(Store):
    """Visitor messages that are owed an answer, oldest first, one of a conversation at a time."""

    def waiting_turns(self) -> list[str]:
        """Conversations whose oldest pending turn may be taken now."""
        heads = (
            select(turns.c.conversation_id, func.min(turns.c.seq).label("seq"))
            .where(turns.c.state == "pending")
            .group_by(turns.c.conversation_id)
            .subquery()
        )
        query = (
            select(turns.c.conversation_id)
            .join(
                heads,
                and_(
                    turns.c.conversation_id == heads.c.conversation_id,
                    turns.c.seq == heads.c.seq,
                ),
            )
            .where(turns.c.next_at <= self.now())
        )
        with self.read() as connection:
            return [row.conversation_id for row in connection.execute(query)]

    def take_turn(self, conversation_id: str, owner: str, seconds: float) -> Turn | None:
        """Leases the oldest pending turn, or None when there is none or somebody has it."""
        now = self.now()
        with self.write() as connection:
            row = connection.execute(
                select(turns)
                .where(turns.c.conversation_id == conversation_id, turns.c.state == "pending")
                .order_by(turns.c.seq)
                .limit(1)
            ).first()
            if row is None or row.next_at > now:
                return None
            taken = connection.execute(
                update(turns)
                .where(
                    turns.c.message_id == row.message_id,
                    turns.c.state == "pending",
                    or_(
                        turns.c.owner.is_(None),
                        turns.c.owner == owner,
                        turns.c.leased_until < now,
                    ),
                )
                .values(owner=owner, leased_until=now + timedelta(seconds=seconds))
            )
            if taken.rowcount != 1:
                return None
            message = connection.execute(
                select(messages).where(messages.c.id == row.message_id)
            ).one()
        return Turn(message_of(message), row.press, row.ip, row.tries, row.told)

    def renew_turn(self, message_id: str, owner: str, seconds: float) -> None:
        """``owner`` is still at work on it."""
        with self.write() as connection:
            connection.execute(
                update(turns)
                .where(turns.c.message_id == message_id, turns.c.owner == owner)
                .values(leased_until=self.now() + timedelta(seconds=seconds))
            )

    def finish_turn(self, message_id: str) -> None:
        """The bot has answered, or a person has."""
        with self.write() as connection:
            connection.execute(
                update(turns)
                .where(turns.c.message_id == message_id)
                .values(state="done", owner=None)
            )

    def postpone_turn(self, message_id: str, seconds: float, *, told: bool) -> None:
        """The bot could not answer; ``told`` when the customer has been told so."""
        with self.write() as connection:
            connection.execute(
                update(turns)
                .where(turns.c.message_id == message_id)
                .values(
                    tries=turns.c.tries + 1,
                    told=told,
                    next_at=self.now() + timedelta(seconds=seconds),
                    owner=None,
                )
            )

    def behind_a_failure(self, conversation_id: str) -> list[Message]:
        """Messages that wait behind one that failed and were not yet told so; marks them told."""
        with self.write() as connection:
            rows = connection.execute(
                select(turns)
                .where(turns.c.conversation_id == conversation_id, turns.c.state == "pending")
                .order_by(turns.c.seq)
            ).all()
            if not rows or not rows[0].told:
                return []
            behind = [row.message_id for row in rows[1:] if not row.told]
            connection.execute(
                update(turns).where(turns.c.message_id.in_(behind)).values(told=True)
            )
            found = connection.execute(
                select(messages).where(messages.c.id.in_(behind)).order_by(messages.c.seq)
            ).all()
        return [message_of(row) for row in found]

    def release_turns(self, owner: str) -> None:
        """Gives back what ``owner`` had leased, at an orderly end."""
        with self.write() as connection:
            connection.execute(update(turns).where(turns.c.owner == owner).values(owner=None))

    def turn_pending(self, message_id: str) -> bool:
        """Whether this message still waits for an answer, and nobody was told why."""
        with self.read() as connection:
            row = connection.execute(
                select(turns.c.state, turns.c.told).where(turns.c.message_id == message_id)
            ).first()
        return row is not None and row.state == "pending" and not row.told

    def pending_turns(self, conversation_id: str) -> int:
        """How many messages of the conversation still wait for an answer."""
        with self.read() as connection:
            rows = connection.execute(
                select(turns.c.message_id).where(
                    and_(turns.c.conversation_id == conversation_id, turns.c.state == "pending")
                )
            ).all()
        return len(rows)


def owe(connection: Connection, message: Message, turn: Mapping[str, Any]) -> None:
    """Marks ``message`` as owed an answer, within the caller's transaction."""
    connection.execute(
        insert(turns).values(
            message_id=message.id,
            conversation_id=message.conversation_id,
            seq=message.seq,
            press=turn.get("press"),
            ip=turn.get("ip"),
            state="pending",
            tries=0,
            told=False,
            next_at=message.at,
        )
    )
