"""Rasa's working memory of a conversation, for privacy only: shown to its person, or deleted.

The table belongs to ``bot/tracker_database.py``; a test holds both against each other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, Text, delete, inspect, select

from qiq.desk.store import Store

TABLE = Table(
    "rasa_tracker",
    MetaData(),
    Column("conversation", String(255), primary_key=True),
    Column("state", Text, nullable=False),
)


class Tracker(Store):
    """Opened beside the desk, from ``QIQ_TRACKER_URL``."""

    def export(self, conversation_id: str) -> list[Any]:
        """The tracker's events of one conversation."""
        if not self._exists():
            return []
        with self.read() as connection:
            row = connection.execute(
                select(TABLE.c.state).where(TABLE.c.conversation == conversation_id)
            ).first()
        return list(json.loads(row.state)) if row else []

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Deletes what Rasa remembers of these. Returns how many it knew."""
        if not conversation_ids or not self._exists():
            return 0
        with self.write() as connection:
            done = connection.execute(
                delete(TABLE).where(TABLE.c.conversation.in_(list(conversation_ids)))
            )
        return done.rowcount

    def _exists(self) -> bool:
        return bool(inspect(self.engine).has_table(TABLE.name))
