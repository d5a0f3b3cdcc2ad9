"""Buttons: what a press means stays here; the visitor only sees an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from qiq.desk.model import Button
from qiq.desk.schema import buttons
from qiq.desk.store import Store
from qiq.desk.types import new_id


class Buttons(Store):
    """Issued per conversation, so that one visitor's button does nothing for another."""

    def issue_buttons(
        self, conversation_id: str, offers: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> list[Button]:
        """New buttons for ``(title, press)`` pairs, in order."""
        issued = [Button(new_id("b"), title, dict(press)) for title, press in offers]
        if not issued:
            return []
        with self.write() as connection:
            connection.execute(
                insert(buttons),
                [
                    {
                        "id": one.id,
                        "conversation_id": conversation_id,
                        "title": one.title,
                        "press": dict(one.press),
                    }
                    for one in issued
                ],
            )
        return issued

    def button(self, conversation_id: str, button_id: str) -> Button | None:
        """The button, when it was issued to this conversation; else None."""
        with self.read() as connection:
            row = connection.execute(
                select(buttons).where(
                    buttons.c.id == button_id, buttons.c.conversation_id == conversation_id
                )
            ).first()
        return Button(row.id, row.title, row.press) if row else None
