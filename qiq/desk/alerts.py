"""Alerts for staff, and host faults that are watched until their repair is proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, insert, or_, select, update

from qiq.desk.cases import close, number_of
from qiq.desk.conversations import Conversations
from qiq.desk.model import Alert, Case, Message, Watch
from qiq.desk.schema import alerts, cases, watches
from qiq.desk.tickets import Tickets
from qiq.desk.types import new_id

REPAIR_PROOFS = 2
"""So many healthy looks in a row before a customer is told that a fault is repaired."""


class Diagnosed(Protocol):
    """What the desk needs of a diagnosis (``qiq.diagnosis.Diagnosis`` has it)."""

    @property
    def subject(self) -> Any: ...

    @property
    def complaint(self) -> Any: ...

    def payload(self) -> Mapping[str, Any]: ...

    def staff_text(self) -> str: ...


class Alerts(Conversations, Tickets):
    """A person is told at once; the check goes on by itself."""

    def alert(self, case: str | Case, diagnosis: Diagnosed, complaint: Any = None) -> Alert:
        """A host fault: tells staff (once per case) and starts the watch that proves the repair.

        The checks are repeated with ``complaint`` (the diagnosis' own when None) and the
        diagnosis' subject. A fault that comes back in the same case is watched and told anew.
        """
        number = number_of(case)
        payload = diagnosis.payload()
        now = self.now()
        with self.write() as connection:
            row = connection.execute(select(cases).where(cases.c.number == number)).one()
            fresh = _watch(
                connection,
                number,
                row.conversation_id,
                str(payload.get("cause", "")),
                _plain(complaint or diagnosis.complaint),
                _plain(diagnosis.subject),
                now,
            )
            key = f"host_fault:{number}" + (f":{fresh}" if fresh else "")
            self._ticket(connection, number, "host_fault", diagnosis.staff_text(), f"fault{fresh}")
            return _raise_alert(
                connection,
                key=key,
                kind="host_fault",
                text=diagnosis.staff_text(),
                now=now,
                case_number=number,
                conversation_id=row.conversation_id,
            )

    def raise_alert(
        self,
        kind: str,
        text: str,
        *,
        key: str,
        case_number: str | None = None,
        conversation_id: str | None = None,
    ) -> Alert:
        """Tells staff about something else (a part that is down, a delivery given up) once."""
        with self.write() as connection:
            return _raise_alert(
                connection,
                key=key,
                kind=kind,
                text=text,
                now=self.now(),
                case_number=case_number,
                conversation_id=conversation_id,
            )

    def open_alerts(self) -> list[Alert]:
        """Alerts that nobody has ended, oldest first."""
        return self._alerts(alerts.c.state == "open")

    def unposted_alerts(self) -> list[Alert]:
        """Alerts that no staff channel has shown yet."""
        return self._alerts(alerts.c.posted_at.is_(None))

    def alert_of(self, alert_id: str) -> Alert | None:
        """One alert by its id, open or ended."""
        found = self._alerts(alerts.c.id == alert_id)
        return found[0] if found else None

    def alert_posted(self, alert_id: str) -> None:
        """A staff channel has shown it."""
        with self.write() as connection:
            connection.execute(
                update(alerts).where(alerts.c.id == alert_id).values(posted_at=self.now())
            )

    def end_alert(self, key: str, staff: str | None = None) -> bool:
        """What it was about is over. False when it was not open."""
        with self.write() as connection:
            return _end_alerts(connection, alerts.c.key == key, self.now(), staff)

    def end_alerts_of(self, conversation_id: str, staff: str | None = None) -> None:
        """Everything staff were told about one conversation is dealt with."""
        with self.write() as connection:
            _end_alerts(connection, alerts.c.conversation_id == conversation_id, self.now(), staff)

    def _alerts(self, condition: Any) -> list[Alert]:
        with self.read() as connection:
            rows = connection.execute(select(alerts).where(condition).order_by(alerts.c.at)).all()
        return [_alert(row) for row in rows]

    def due_watches(self, limit: int = 10, lease_seconds: float = 60.0) -> list[Watch]:
        """Host faults to look at now, leased so that one process looks."""
        now = self.now()
        found = []
        with self.write() as connection:
            rows = connection.execute(
                select(watches)
                .where(
                    watches.c.state == "watching",
                    watches.c.next_at <= now,
                    or_(watches.c.leased_until.is_(None), watches.c.leased_until < now),
                )
                .order_by(watches.c.next_at)
                .limit(limit)
            ).all()
            for row in rows:
                taken = connection.execute(
                    update(watches)
                    .where(
                        watches.c.case_number == row.case_number,
                        or_(watches.c.leased_until.is_(None), watches.c.leased_until < now),
                    )
                    .values(leased_until=now + timedelta(seconds=lease_seconds))
                )
                if taken.rowcount == 1:
                    found.append(_as_watch(row))
        return found

    def watch_again(self, case_number: str, seconds: float, *, healthy: bool) -> None:
        """Not proved yet: look again after ``seconds``. ``healthy`` counts towards the proof."""
        with self.write() as connection:
            connection.execute(
                update(watches)
                .where(watches.c.case_number == case_number)
                .values(
                    tries=watches.c.tries + 1,
                    passes=watches.c.passes + 1 if healthy else 0,
                    next_at=self.now() + timedelta(seconds=seconds),
                    leased_until=None,
                )
            )

    def repaired(self, case_number: str, body: Mapping[str, Any]) -> Message | None:
        """The repair is proved: tells the customer, closes case and alert, ends the watch.

        One transaction, so a crash leaves either nothing or all of it: nobody is told twice.
        Other watches of the same conversation for the same cause end with it, silently.
        None when it was told before.
        """
        now = self.now()
        with self.write() as connection:
            row = connection.execute(
                update(watches)
                .where(watches.c.case_number == case_number, watches.c.state == "watching")
                .values(state="repaired", leased_until=None)
                .returning(watches.c.conversation_id, watches.c.cause, watches.c.since)
            ).first()
            if row is None:
                return None
            twins = connection.execute(
                update(watches)
                .where(
                    watches.c.conversation_id == row.conversation_id,
                    watches.c.cause == row.cause,
                    watches.c.state == "watching",
                )
                .values(state="repaired")
                .returning(watches.c.case_number)
            ).all()
            for number in [case_number, *(twin.case_number for twin in twins)]:
                close(connection, number, "repaired", now)
                _end_alerts(connection, alerts.c.case_number == number, now, None)
                since = row.since.isoformat()
                self._ticket(connection, number, "repaired", str(body["text"]), f"repair{since}")
            key = f"repaired:{case_number}:{row.since.isoformat()}"
            return self._append(connection, row.conversation_id, "bot", "message", body, key)


def _watch(
    connection: Connection,
    number: str,
    conversation_id: str,
    cause: str,
    complaint: Mapping[str, Any],
    subject: Mapping[str, Any],
    now: Any,
) -> str:
    """Starts or restarts a watch; returns a mark when an ended one began anew."""
    known = connection.execute(
        select(watches.c.state).where(watches.c.case_number == number)
    ).first()
    values = {
        "cause": cause,
        "complaint": dict(complaint),
        "subject": dict(subject),
        "state": "watching",
        "tries": 0,
        "passes": 0,
        "next_at": now,
        "since": now,
    }
    if known is None:
        connection.execute(
            insert(watches).values(case_number=number, conversation_id=conversation_id, **values)
        )
        return ""
    if known.state == "watching":
        return ""
    connection.execute(update(watches).where(watches.c.case_number == number).values(**values))
    return str(now.isoformat())


def _raise_alert(
    connection: Connection,
    *,
    key: str,
    kind: str,
    text: str,
    now: Any,
    case_number: str | None,
    conversation_id: str | None,
) -> Alert:
    row = connection.execute(select(alerts).where(alerts.c.key == key)).first()
    if row is not None and row.state == "open":
        return _alert(row)
    values = {
        "kind": kind,
        "case_number": case_number,
        "conversation_id": conversation_id,
        "text": text,
        "state": "open",
        "staff": None,
        "at": now,
        "posted_at": None,
        "ended_at": None,
    }
    if row is None:
        connection.execute(insert(alerts).values(id=new_id("a"), key=key, **values))
    else:  # the same trouble is back
        connection.execute(update(alerts).where(alerts.c.key == key).values(**values))
    return _alert(connection.execute(select(alerts).where(alerts.c.key == key)).one())


def _end_alerts(connection: Connection, which: Any, now: Any, staff: str | None) -> bool:
    done = connection.execute(
        update(alerts)
        .where(which, alerts.c.state == "open")
        .values(state="ended", ended_at=now, staff=staff)
    )
    return done.rowcount > 0


def _plain(value: Any) -> dict[str, Any]:
    """A dataclass as JSON can keep it; sets and tuples become lists."""
    if value is None:
        return {}
    data = asdict(value) if is_dataclass(value) and not isinstance(value, type) else dict(value)
    return {
        key: sorted(item)
        if isinstance(item, frozenset)
        else list(item)
        if isinstance(item, tuple)
        else item
        for key, item in data.items()
    }


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        kind=row.kind,
        case_number=row.case_number,
        conversation_id=row.conversation_id,
        text=row.text,
        state=row.state,
        staff=row.staff,
        at=row.at,
    )


def _as_watch(row: Row[Any]) -> Watch:
    return Watch(
        case_number=row.case_number,
        conversation_id=row.conversation_id,
        cause=row.cause,
        complaint=row.complaint,
        subject=row.subject,
        state=row.state,
        tries=row.tries,
        passes=row.passes,
        since=row.since,
    )
