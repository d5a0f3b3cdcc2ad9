"""Talks in which a customer waits and nobody moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, func, select, update

from qiq.desk.schema import alerts, cases, conversations, handovers, messages
from qiq.desk.store import Store

KEY = "stuck:"
Why = Literal["waiting", "unclaimed", "unanswered"]


@dataclass(frozen=True)
class Stuck:
    """``waiting``: wants a person and none came; ``unclaimed``: a host fault nobody took;
    ``unanswered``: a person has the talk and the customer's last words have no answer."""

    conversation_id: str
    why: Why
    since: datetime

    @property
    def key(self) -> str:
        """Of its alert: one for each talk."""
        return f"{KEY}{self.conversation_id}"


class StuckTalks(Store):
    """Read by the gateway's watchman, which tells staff and tells them again."""

    def stuck(self, minutes: int) -> list[Stuck]:
        """Talks that have stood still so long, each once, the oldest first."""
        before = self.now() - timedelta(minutes=minutes)
        with self.read() as connection:
            found = [
                *_waiting(connection, before),
                *_unclaimed(connection, before),
                *_unanswered(connection, before),
            ]
        once: dict[str, Stuck] = {}
        for one in sorted(found, key=lambda stuck: stuck.since):
            once.setdefault(one.conversation_id, one)
        return list(once.values())

    def tell_again(self, alert_id: str) -> None:
        """Staff channels show the alert once more, as if it were new."""
        with self.write() as connection:
            connection.execute(
                update(alerts)
                .where(alerts.c.id == alert_id, alerts.c.state == "open")
                .values(at=self.now(), posted_at=None)
            )


def _waiting(connection: Connection, before: datetime) -> list[Stuck]:
    rows = connection.execute(
        select(handovers.c.conversation_id, handovers.c.asked_at).where(
            handovers.c.state == "waiting", handovers.c.asked_at < before
        )
    )
    return [Stuck(row.conversation_id, "waiting", row.asked_at) for row in rows]


def _unclaimed(connection: Connection, before: datetime) -> list[Stuck]:
    rows = connection.execute(
        select(alerts.c.conversation_id, alerts.c.at)
        .join(cases, cases.c.number == alerts.c.case_number)
        .where(
            alerts.c.kind == "host_fault",
            alerts.c.state == "open",
            alerts.c.at < before,
            cases.c.claimed_by.is_(None),
        )
    )
    return [Stuck(row.conversation_id, "unclaimed", row.at) for row in rows]


def _unanswered(connection: Connection, before: datetime) -> list[Stuck]:
    last = (
        select(messages.c.conversation_id, func.max(messages.c.seq).label("seq"))
        .where(messages.c.kind == "message")
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    rows = connection.execute(
        select(messages.c.conversation_id, messages.c.at)
        .join(
            last,
            (last.c.conversation_id == messages.c.conversation_id) & (last.c.seq == messages.c.seq),
        )
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            conversations.c.holder == "person",
            messages.c.author == "visitor",
            messages.c.at < before,
        )
    )
    return [Stuck(row.conversation_id, "unanswered", row.at) for row in rows]
