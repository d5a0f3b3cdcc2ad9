"""Cases in the host's ticket system: what it is told, and what it answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from qiq.desk import outbox as outbox_rows
from qiq.desk.schema import cases, conversations, tickets
from qiq.desk.store import Store

CHANNEL = "tickets"


class Tickets(Store):
    """``ticket_system`` is its name in the settings; None when the host has none."""

    ticket_system: str | None = None

    def _ticket(
        self, connection: Connection, number: str | None, kind: str, text: str, key: str
    ) -> None:
        """Queues one event of a case for the ticket system, within the caller's transaction."""
        if self.ticket_system is None or number is None:
            return
        row = connection.execute(
            select(cases.c.intent, cases.c.domain, conversations.c.email)
            .join(conversations, conversations.c.id == cases.c.conversation_id)
            .where(cases.c.number == number)
        ).one()
        subject = f"{row.intent.replace('_', ' ')}: {row.domain or 'no domain'}"
        body = {"kind": kind, "subject": subject, "text": text, "email": row.email}
        outbox_rows.put(
            connection,
            now=self.now(),
            channel=CHANNEL,
            address=number,
            body=body,
            key=f"{number}/{key}",
        )

    def ticket(self, number: str) -> tuple[str, str] | None:
        """Id and state (``queued``, ``open``) of a case's ticket, or None."""
        with self.read() as connection:
            row = connection.execute(select(tickets).where(tickets.c.case_number == number)).first()
        return (row.remote_id or "", "open" if row.remote_id else "queued") if row else None

    def begin_ticket(self, number: str, system: str, mark: str) -> tuple[str | None, bool]:
        """Notes that the system is about to be told ``mark``.

        Returns the ticket's id (None: none known yet) and whether the same note was already
        there, so that an earlier try may have got through.
        """
        where = (tickets.c.case_number == number) & (tickets.c.system == system)
        with self.write() as connection:
            row = connection.execute(select(tickets).where(where)).first()
            if row is None:
                connection.execute(
                    insert(tickets).values(case_number=number, system=system, state=_note(mark))
                )
                return None, False
            connection.execute(update(tickets).where(where).values(state=_note(mark)))
        return row.remote_id, row.state == _note(mark)

    def ticket_done(self, number: str, system: str, remote_id: str) -> None:
        """The system was told."""
        with self.write() as connection:
            connection.execute(
                update(tickets)
                .where(tickets.c.case_number == number, tickets.c.system == system)
                .values(remote_id=remote_id, state="open")
            )


def _note(mark: str) -> Any:
    """A mark as short as the column; its end is what differs."""
    return mark[-20:]
