"""Incidents: the same fault on the same server for several customers is one thing, not many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from qiq.desk.cases import number_of
from qiq.desk.conversations import Conversations
from qiq.desk.model import Case, Incident, IncidentUpdate, Message
from qiq.desk.schema import cases, incident_updates, incidents, reports, watches
from qiq.desk.types import new_id


class Incidents(Conversations):
    """Opened by a count of customers or by hand; read by the dialogue and the status page."""

    incident_customers = 3
    incident_minutes = 15

    def incident_for(self, cause: str, server: str) -> Incident | None:
        """The open incident of this cause on this server, or None."""
        with self.read() as connection:
            found = _open(connection, cause, server)
            return _load(connection, found) if found else None

    def incident(self, incident_id: str) -> Incident | None:
        """One incident by its id, open or closed."""
        with self.read() as connection:
            return _load(connection, incident_id)

    def incidents_of(self, ids: Collection[str]) -> list[Incident]:
        """Those of ``ids`` that there are, oldest first."""
        return self._list(incidents.c.id.in_(ids))

    def open_incidents(self) -> list[Incident]:
        """Incidents that are going on, oldest first."""
        return self._list(incidents.c.state == "open")

    def recent_incidents(self, days: int = 7) -> list[Incident]:
        """Incidents that ended lately, newest first, for the status page."""
        since = self.now() - timedelta(days=days)
        closed = self._list((incidents.c.state == "closed") & (incidents.c.closed_at >= since))
        return closed[::-1]

    def _list(self, condition: Any) -> list[Incident]:
        with self.read() as connection:
            ids = connection.execute(
                select(incidents.c.id).where(condition).order_by(incidents.c.opened_at)
            ).all()
            found = [_load(connection, row.id) for row in ids]
        return [one for one in found if one is not None]

    def join_incident(self, case: str | Case, cause: str, server: str) -> Incident | None:
        """Counts this case's host fault.

        Joins the open incident, or opens one when enough customers (``incident_customers``
        conversations within ``incident_minutes``) have it; None while it is a single fault.
        """
        number = number_of(case)
        now = self.now()
        with self.write() as connection:
            row = connection.execute(
                select(cases.c.conversation_id).where(cases.c.number == number)
            ).one()
            incident_id = _open(connection, cause, server)
            _report(connection, number, row.conversation_id, cause, server, incident_id, now)
            if incident_id is None:
                since = now - timedelta(minutes=self.incident_minutes)
                recent = (
                    (reports.c.cause == cause)
                    & (reports.c.server == server)
                    & (reports.c.at >= since)
                    & reports.c.incident_id.is_(None)
                )
                count = connection.execute(
                    select(func.count(reports.c.conversation_id.distinct())).where(recent)
                ).scalar_one()
                if count < self.incident_customers:
                    return None
                first = connection.execute(select(func.min(reports.c.at)).where(recent)).scalar()
                incident_id = _start(
                    connection, cause, server, cause, manual=False, at=first or now
                )
                connection.execute(update(reports).where(recent).values(incident_id=incident_id))
            return _load(connection, incident_id)

    def join_known(self, case: str | Case, incident_id: str) -> None:
        """This customer was told of an open incident: they count, and are told of its end."""
        number = number_of(case)
        with self.write() as connection:
            known = _load(connection, incident_id)
            if known is None or known.state != "open":
                return
            row = connection.execute(
                select(cases.c.conversation_id).where(cases.c.number == number)
            ).one()
            _report(
                connection,
                number,
                row.conversation_id,
                known.cause,
                known.server,
                known.id,
                self.now(),
            )

    def start_incident(self, cause: str, server: str, title: str, by: str) -> Incident:
        """Opened by staff; an open one of the same cause and server is returned instead."""
        with self.write() as connection:
            incident_id = _open(connection, cause, server)
            if incident_id is None:
                incident_id = _start(connection, cause, server, title, manual=True, at=self.now())
                _say(connection, incident_id, title, by, self.now())
            found = _load(connection, incident_id)
        assert found is not None
        return found

    def update_incident(self, incident_id: str, text: str, by: str) -> None:
        """Adds a line to the public story. Raises ``KeyError`` for an unknown id."""
        with self.write() as connection:
            if _load(connection, incident_id) is None:
                raise KeyError(incident_id)
            _say(connection, incident_id, text, by, self.now())

    def close_incident(
        self, incident_id: str, text: str, by: str, body: Mapping[str, Any] | None = None
    ) -> list[Message]:
        """Ends an incident and tells everyone concerned once, in one transaction.

        ``body`` is the message for them. Who was told of the repair by the watch of their own
        case is not told again. Closing a closed incident tells nobody.
        """
        told = []
        now = self.now()
        with self.write() as connection:
            done = connection.execute(
                update(incidents)
                .where(incidents.c.id == incident_id, incidents.c.state == "open")
                .values(state="closed", closed_at=now)
            )
            if done.rowcount != 1:
                return []
            _say(connection, incident_id, text, by, now)
            for conversation_id in _not_told_yet(connection, incident_id):
                if body is not None:
                    told.append(
                        self._append(
                            connection,
                            conversation_id,
                            "bot",
                            "message",
                            body,
                            f"incident:{incident_id}:end",
                        )
                    )
            connection.execute(
                update(watches)
                .where(
                    watches.c.state == "watching",
                    watches.c.case_number.in_(
                        select(reports.c.case_number).where(reports.c.incident_id == incident_id)
                    ),
                )
                .values(state="closed")
            )
        return told

    def ended_incidents(self) -> list[Incident]:
        """Open incidents, counted by the bot, whose watched faults are all repaired."""
        watching = (
            select(reports.c.incident_id)
            .join(watches, watches.c.case_number == reports.c.case_number)
            .where(watches.c.state == "watching", reports.c.incident_id.is_not(None))
        )
        watched = (
            select(reports.c.incident_id)
            .join(watches, watches.c.case_number == reports.c.case_number)
            .where(reports.c.incident_id.is_not(None))
        )
        return self._list(
            (incidents.c.state == "open")
            & incidents.c.manual.is_(False)
            & incidents.c.id.in_(watched)
            & incidents.c.id.not_in(watching)
        )


def _open(connection: Connection, cause: str, server: str) -> str | None:
    row = connection.execute(
        select(incidents.c.id).where(
            incidents.c.state == "open",
            incidents.c.cause == cause,
            incidents.c.server == server,
        )
    ).first()
    return str(row.id) if row else None


def _start(
    connection: Connection, cause: str, server: str, title: str, *, manual: bool, at: Any
) -> str:
    incident_id = new_id("i")
    connection.execute(
        insert(incidents).values(
            id=incident_id,
            cause=cause,
            server=server,
            title=title,
            state="open",
            manual=manual,
            opened_at=at,
        )
    )
    return incident_id


def _report(
    connection: Connection,
    number: str,
    conversation_id: str,
    cause: str,
    server: str,
    incident_id: str | None,
    now: Any,
) -> None:
    same = (
        (reports.c.case_number == number)
        & (reports.c.cause == cause)
        & (reports.c.server == server)
    )
    if connection.execute(select(reports.c.n).where(same)).first():
        connection.execute(update(reports).where(same).values(at=now, incident_id=incident_id))
        return
    connection.execute(
        insert(reports).values(
            case_number=number,
            conversation_id=conversation_id,
            cause=cause,
            server=server,
            incident_id=incident_id,
            at=now,
        )
    )


def _say(connection: Connection, incident_id: str, text: str, by: str, now: Any) -> None:
    connection.execute(
        insert(incident_updates).values(incident_id=incident_id, text=text, by=by, at=now)
    )


def _not_told_yet(connection: Connection, incident_id: str) -> list[str]:
    rows = connection.execute(
        select(reports.c.conversation_id, watches.c.state)
        .outerjoin(watches, watches.c.case_number == reports.c.case_number)
        .where(reports.c.incident_id == incident_id)
        .order_by(reports.c.n)
    ).all()
    repaired = {row.conversation_id for row in rows if row.state == "repaired"}
    return [
        one for one in dict.fromkeys(row.conversation_id for row in rows) if one not in repaired
    ]


def _load(connection: Connection, incident_id: str) -> Incident | None:
    row = connection.execute(select(incidents).where(incidents.c.id == incident_id)).first()
    if row is None:
        return None
    count = connection.execute(
        select(func.count(reports.c.conversation_id.distinct())).where(
            reports.c.incident_id == incident_id
        )
    ).scalar_one()
    lines = connection.execute(
        select(incident_updates)
        .where(incident_updates.c.incident_id == incident_id)
        .order_by(incident_updates.c.n)
    ).all()
    return Incident(
        id=row.id,
        cause=row.cause,
        server=row.server,
        title=row.title,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        count=count,
        updates=tuple(IncidentUpdate(line.text, line.by, line.at) for line in lines),
    )
