"""What is kept about a person: exported, deleted, and forgotten after a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select

from qiq.desk import schema
from qiq.desk.store import Store

_BY_CASE = (schema.diagnoses, schema.steps, schema.watches, schema.tickets, schema.reports)
_BY_CONVERSATION = (
    schema.turns,
    schema.messages,
    schema.buttons,
    schema.handovers,
    schema.files,
    schema.codes,
    schema.cases,
)


class Privacy(Store):
    """One person is one visitor id, a verified address, or a messenger's address."""

    def conversations_of(self, person: str) -> list[str]:
        """Ids of every conversation of a person: by conversation or visitor id, messenger
        address, verified or left e-mail address, or case number."""
        table = schema.conversations
        cases, handovers = schema.cases, schema.handovers
        with self.read() as connection:
            rows = connection.execute(
                select(table.c.id)
                .where(
                    or_(
                        table.c.id == person,
                        table.c.visitor == person,
                        table.c.address == person,
                        table.c.email == person.lower(),
                        table.c.id.in_(
                            select(cases.c.conversation_id).where(cases.c.number == person.upper())
                        ),
                        table.c.id.in_(
                            select(handovers.c.conversation_id).where(
                                handovers.c.contact["email"].as_string() == person
                            )
                        ),
                    )
                )
                .order_by(table.c.opened_at)
            ).all()
        return [row.id for row in rows]

    def export(self, conversation_id: str) -> dict[str, Any]:
        """Everything the desk holds of one conversation, as plain data for JSON."""
        with self.read() as connection:
            found: dict[str, Any] = {
                "conversation": _rows(
                    connection, schema.conversations, schema.conversations.c.id, conversation_id
                )
            }
            for table in (*_BY_CONVERSATION, schema.alerts):
                if table is not schema.codes:
                    found[table.name] = _rows(
                        connection, table, table.c.conversation_id, conversation_id
                    )
            numbers = [case["number"] for case in found["cases"]]
            for table in _BY_CASE:
                found[table.name] = [
                    row
                    for number in numbers
                    for row in _rows(connection, table, table.c.case_number, number)
                ]
        return found

    def delete_conversation(self, conversation_id: str) -> list[str]:
        """Deletes a conversation with all that hangs on it, in one transaction.

        Returns the paths of its pictures (below the state folder), for the caller to remove.
        """
        with self.write() as connection:
            row = connection.execute(
                select(schema.conversations.c.channel, schema.conversations.c.address).where(
                    schema.conversations.c.id == conversation_id
                )
            ).first()
            if row is None:
                return []
            paths = connection.execute(
                select(schema.files.c.path).where(schema.files.c.conversation_id == conversation_id)
            ).all()
            numbers = select(schema.cases.c.number).where(
                schema.cases.c.conversation_id == conversation_id
            )
            for table in _BY_CASE:
                connection.execute(delete(table).where(table.c.case_number.in_(numbers)))
            alerts = schema.alerts
            connection.execute(
                delete(alerts).where(
                    or_(
                        alerts.c.conversation_id == conversation_id,
                        alerts.c.case_number.in_(numbers),
                    )
                )
            )
            for table in _BY_CONVERSATION:
                connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
            connection.execute(
                delete(schema.outbox).where(
                    schema.outbox.c.channel == row.channel, schema.outbox.c.address == row.address
                )
            )
            connection.execute(
                delete(schema.conversations).where(schema.conversations.c.id == conversation_id)
            )
        return [one.path for one in paths]

    def expired(self, days: int, limit: int = 200) -> list[str]:
        """Conversations without a word for ``days``, except those still waited for."""
        table = schema.conversations
        before = self.now() - timedelta(days=days)
        watching = select(schema.watches.c.conversation_id).where(
            schema.watches.c.state == "watching"
        )
        with self.read() as connection:
            rows = connection.execute(
                select(table.c.id)
                .where(table.c.active_at < before, table.c.id.not_in(watching))
                .limit(limit)
            ).all()
        return [row.id for row in rows]


def _rows(connection: Connection, table: Any, column: Any, value: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(column == value)).mappings().all()
    return [{name: _plain(item) for name, item in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
