"""From the bot to a person and back: bot → waiting → person → bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from qiq.desk.alerts import Alerts
from qiq.desk.cases import number_of
from qiq.desk.model import Case, Handover
from qiq.desk.schema import alerts, cases, conversations, handovers
from qiq.desk.types import new_id
from qiq.settings.brand import Hours

LONGEST_ESTIMATE = 60
"""Minutes; how long a longer queue takes depends on how many people answer it."""


class Handovers(Alerts):
    """Who wants a person, who has been waiting, and who talks to whom."""

    hours = Hours()

    def hand_over(
        self,
        conversation_id: str,
        reason: str,
        summary: str,
        case: str | Case | None = None,
    ) -> Handover:
        """Asks for a person. Asking twice keeps the first place in the queue.

        ``summary`` is for the person: who, what, evidence, steps tried, mood.
        """
        now = self.now()
        with self.write() as connection:
            row = _current(connection, conversation_id)
            if row is None:
                number = number_of(case) if case else _newest_case(connection, conversation_id)
                handover_id = new_id("h")
                connection.execute(
                    insert(handovers).values(
                        id=handover_id,
                        conversation_id=conversation_id,
                        case_number=number,
                        reason=reason,
                        summary=summary,
                        state="waiting",
                        asked_at=now,
                    )
                )
                row = _current(connection, conversation_id)
                assert row is not None
                self._ticket(connection, number, "person", summary, handover_id)
                state = self._describe(connection, row)
                extra = {
                    "position": state.position,
                    "wait_minutes": state.wait_minutes,
                    "open_now": state.open_now,
                }
                self._set_holder(connection, conversation_id, "waiting", extra=extra)
                connection.execute(
                    insert(alerts).values(
                        id=new_id("a"),
                        key=f"person:{handover_id}",
                        kind="person",
                        case_number=number,
                        conversation_id=conversation_id,
                        text=summary,
                        state="open",
                        at=now,
                    )
                )
            return self._describe(connection, row)

    def handover(self, conversation_id: str) -> Handover | None:
        """The handover that is going on, or None while the bot has the talk."""
        with self.read() as connection:
            row = _current(connection, conversation_id)
            return self._describe(connection, row) if row else None

    def waiting(self) -> list[tuple[str, Handover]]:
        """Conversations that wait for a person, first come first."""
        with self.read() as connection:
            rows = connection.execute(
                select(handovers)
                .where(handovers.c.state == "waiting")
                .order_by(handovers.c.asked_at)
            ).all()
            return [(row.conversation_id, self._describe(connection, row)) for row in rows]

    def join_person(self, conversation_id: str, staff: str, summary: str = "") -> bool:
        """A person takes the talk. False when another person already has it.

        Staff may step in without being asked: then a handover is made on the spot.
        """
        with self.write() as connection:
            row = _current(connection, conversation_id)
            if row is not None and row.state == "person":
                return bool(row.staff == staff)
            if row is None:
                connection.execute(
                    insert(handovers).values(
                        id=new_id("h"),
                        conversation_id=conversation_id,
                        reason="staff",
                        summary=summary,
                        state="waiting",
                        asked_at=self.now(),
                    )
                )
            connection.execute(
                update(handovers)
                .where(
                    handovers.c.conversation_id == conversation_id,
                    handovers.c.state == "waiting",
                )
                .values(state="person", staff=staff, taken_at=self.now())
            )
            self._set_holder(connection, conversation_id, "person", staff)
            _end_person_alerts(connection, conversation_id, staff, self.now())
        return True

    def back_to_bot(self, conversation_id: str) -> bool:
        """The person is done, or the customer would rather talk to the bot again."""
        with self.write() as connection:
            row = _current(connection, conversation_id)
            holder = connection.execute(
                select(conversations.c.holder).where(conversations.c.id == conversation_id)
            ).scalar_one()
            if row is None and holder == "bot":
                return False
            connection.execute(
                update(handovers)
                .where(
                    handovers.c.conversation_id == conversation_id,
                    handovers.c.state.in_(("waiting", "person")),
                )
                .values(state="done", ended_at=self.now())
            )
            self._set_holder(connection, conversation_id, "bot")
            _end_person_alerts(connection, conversation_id, None, self.now())
        return True

    def leave_contact(self, conversation_id: str, contact: Mapping[str, str]) -> bool:
        """The offline form: where and when to answer. False when nobody was asked for."""
        with self.write() as connection:
            done = connection.execute(
                update(handovers)
                .where(
                    handovers.c.conversation_id == conversation_id,
                    handovers.c.state.in_(("waiting", "person")),
                )
                .values(contact=dict(contact))
            )
        return done.rowcount > 0

    def _describe(self, connection: Connection, row: Row[Any]) -> Handover:
        ahead = connection.execute(
            select(func.count())
            .select_from(handovers)
            .where(handovers.c.state == "waiting", handovers.c.asked_at < row.asked_at)
        ).scalar_one()
        position = ahead + 1 if row.state == "waiting" else 0
        minutes = self.hours.expected_wait_minutes * max(position, 1)
        today = minutes <= self.hours.minutes_left(self.now())
        return Handover(
            state=row.state,
            position=position,
            wait_minutes=minutes if today and minutes <= LONGEST_ESTIMATE else None,
            open_now=self.hours.open_at(self.now()),
            today=today,
            staff=row.staff,
            reason=row.reason,
            summary=row.summary,
            case_number=row.case_number,
            contact=row.contact or {},
        )


def _current(connection: Connection, conversation_id: str) -> Row[Any] | None:
    return connection.execute(
        select(handovers)
        .where(
            handovers.c.conversation_id == conversation_id,
            handovers.c.state.in_(("waiting", "person")),
        )
        .order_by(handovers.c.asked_at)
    ).first()


def _newest_case(connection: Connection, conversation_id: str) -> str | None:
    row = connection.execute(
        select(cases.c.number)
        .where(cases.c.conversation_id == conversation_id, cases.c.closed_at.is_(None))
        .order_by(cases.c.opened_at.desc())
    ).first()
    return str(row.number) if row else None


def _end_person_alerts(
    connection: Connection, conversation_id: str, staff: str | None, now: Any
) -> None:
    connection.execute(
        update(alerts)
        .where(
            alerts.c.conversation_id == conversation_id,
            alerts.c.kind == "person",
            alerts.c.state == "open",
        )
        .values(state="ended", staff=staff, ended_at=now)
    )
