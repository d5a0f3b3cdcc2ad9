"""From rows of the database to the desk's frozen records."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Row

from qiq.desk.model import Author, Conversation, Holder, Kind, Message


def conversation_of(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        channel=row.channel,
        address=row.address,
        visitor=row.visitor,
        holder=cast(Holder, row.holder),
        staff=row.staff,
        email=row.email,
        verified_domains=tuple(row.verified_domains),
        page=row.page,
        country=row.country,
        last_seq=row.last_seq,
        opened_at=row.opened_at,
        active_at=row.active_at,
    )


def message_of(row: Row[Any], *, new: bool = True) -> Message:
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=cast(Author, row.author),
        kind=cast(Kind, row.kind),
        body=row.body,
        at=row.at,
        new=new,
    )
