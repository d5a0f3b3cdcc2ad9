"""Conversations and their numbered events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from qiq.desk import outbox as outbox_rows
from qiq.desk.model import Author, Conversation, Holder, Kind, Message
from qiq.desk.rows import conversation_of, message_of
from qiq.desk.schema import conversations, messages
from qiq.desk.store import Store
from qiq.desk.turns import owe
from qiq.desk.types import new_id

PULLED = frozenset({"widget", "rest"})
"""Channels whose clients fetch their history themselves; all others are delivered to."""


class Conversations(Store):
    """The history belongs here; Rasa's tracker is only working memory."""

    def open_conversation(
        self, channel: str, address: str, visitor: str | None = None
    ) -> Conversation:
        """The conversation of ``address`` in ``channel``, made when it is not there yet."""
        with self.read() as connection:
            row = _by_address(connection, channel, address)
        if row is not None:
            return conversation_of(row)
        values = {
            "id": new_id("c"),
            "channel": channel,
            "address": address,
            "visitor": visitor or new_id("v"),
            "holder": "bot",
            "verified_domains": [],
            "last_seq": 0,
            "opened_at": self.now(),
            "active_at": self.now(),
        }
        try:
            with self.write() as connection:
                connection.execute(insert(conversations).values(**values))
        except IntegrityError:
            pass  # another process opened it between our look and our write
        with self.read() as connection:
            row = _by_address(connection, channel, address)
        assert row is not None
        return conversation_of(row)

    def conversation(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id, or None."""
        with self.read() as connection:
            row = connection.execute(
                select(conversations).where(conversations.c.id == conversation_id)
            ).first()
        return conversation_of(row) if row else None

    def append(
        self,
        conversation_id: str,
        author: Author,
        kind: Kind,
        body: Mapping[str, Any],
        *,
        key: str,
        turn: Mapping[str, Any] | None = None,
    ) -> Message:
        """Writes one event with the next number of the conversation.

        The same ``key`` again returns the event that is already there (``new`` is false).
        ``turn`` (``{"press": …, "ip": …}``) marks it as owed an answer by the bot, in the same
        transaction. Raises ``KeyError`` when there is no such conversation.
        """
        with self.write() as connection:
            return self._append(connection, conversation_id, author, kind, body, key, turn)

    def _append(
        self,
        connection: Connection,
        conversation_id: str,
        author: Author,
        kind: Kind,
        body: Mapping[str, Any],
        key: str,
        turn: Mapping[str, Any] | None = None,
    ) -> Message:
        # The update comes first: it locks the conversation, so the look for the key that
        # follows cannot race with another writer (PostgreSQL) and numbers have no gaps.
        target = connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(active_at=self.now())
            .returning(conversations.c.last_seq, conversations.c.channel, conversations.c.address)
        ).first()
        if target is None:
            raise KeyError(conversation_id)
        known = connection.execute(
            select(messages).where(
                messages.c.conversation_id == conversation_id, messages.c.key == key
            )
        ).first()
        if known is not None:
            return message_of(known, new=False)
        seq = target.last_seq + 1
        connection.execute(
            update(conversations).where(conversations.c.id == conversation_id).values(last_seq=seq)
        )
        message = Message(new_id("m"), conversation_id, seq, author, kind, dict(body), self.now())
        connection.execute(
            insert(messages).values(
                id=message.id,
                conversation_id=conversation_id,
                seq=seq,
                author=author,
                kind=kind,
                body=dict(body),
                key=key,
                at=message.at,
            )
        )
        if turn is not None:
            owe(connection, message, turn)
        if author != "visitor" and target.channel not in PULLED:
            outbox_rows.put(
                connection,
                now=message.at,
                channel=target.channel,
                address=target.address,
                body={"message": message.id, "kind": kind, "author": author, **body},
                key=f"m:{message.id}",
            )
        return message

    def history(
        self, conversation_id: str, after_seq: int = 0, limit: int | None = None
    ) -> list[Message]:
        """Events with a number above ``after_seq``, in order; with ``limit`` only the last."""
        query = (
            select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.seq > after_seq)
            .order_by(messages.c.seq.desc() if limit else messages.c.seq)
        )
        with self.read() as connection:
            rows = connection.execute(query.limit(limit) if limit else query).all()
        found = [message_of(row) for row in rows]
        return found[::-1] if limit else found

    def newest_row(self) -> int:
        """The row number of the newest event of all conversations."""
        with self.read() as connection:
            return connection.execute(select(func.max(messages.c.n))).scalar() or 0

    def changed_since(self, n: int) -> dict[int, str]:
        """Events above row ``n``: row number → conversation.

        Rows of parallel writers may appear late, so callers look a little further back.
        """
        with self.read() as connection:
            rows = connection.execute(
                select(messages.c.n, messages.c.conversation_id).where(messages.c.n > n)
            ).all()
        return {row.n: row.conversation_id for row in rows}

    def set_holder(
        self,
        conversation_id: str,
        holder: Holder,
        staff: str | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Message:
        """Says who has the talk now; written to the conversation as a state event."""
        with self.write() as connection:
            return self._set_holder(connection, conversation_id, holder, staff, extra, key)

    def _set_holder(
        self,
        connection: Connection,
        conversation_id: str,
        holder: Holder,
        staff: str | None = None,
        extra: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Message:
        connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(holder=holder, staff=staff)
        )
        body = {"holder": holder, "name": staff, **(extra or {})}
        key = key or f"state:{new_id('s')}"
        return self._append(connection, conversation_id, "system", "state", body, key)

    def set_page(self, conversation_id: str, page: str) -> None:
        """Remembers the page the visitor is on."""
        self._set(conversation_id, page=page[:2000])

    def set_country(self, conversation_id: str, country: str) -> None:
        """Remembers where the visitor seems to be (ISO 3166); anything longer is not kept."""
        if len(country) == 2:
            self._set(conversation_id, country=country)

    def set_customer(
        self, conversation_id: str, domains: Sequence[str], email: str | None, until: datetime
    ) -> None:
        """Marks the visitor as verified for ``domains`` until a moment."""
        self._set(
            conversation_id,
            verified_domains=sorted(set(domains)),
            verified_until=until,
            email=email,
        )

    def _set(self, conversation_id: str, **values: Any) -> None:
        with self.write() as connection:
            connection.execute(
                update(conversations).where(conversations.c.id == conversation_id).values(**values)
            )

    def verified_domains(self, conversation_id: str) -> tuple[str, ...]:
        """Domains whose account facts this visitor may be told now."""
        with self.read() as connection:
            row = connection.execute(
                select(conversations.c.verified_domains, conversations.c.verified_until).where(
                    conversations.c.id == conversation_id
                )
            ).first()
        if row is None or row.verified_until is None or row.verified_until < self.now():
            return ()
        return tuple(row.verified_domains)


def _by_address(connection: Connection, channel: str, address: str) -> Row[Any] | None:
    return connection.execute(
        select(conversations).where(
            conversations.c.channel == channel, conversations.c.address == address
        )
    ).first()
