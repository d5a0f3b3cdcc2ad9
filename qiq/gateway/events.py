"""Numbered events as the widget sees them (docs/interfaces.md, Widget ⇄ gateway)."""

from __future__ import annotations

import re
from typing import Any

from qiq.desk import Message

BUTTON_ID = re.compile(r"b_[0-9a-f]{20}")
"""The form of the ids that are issued for buttons."""


def as_event(message: Message) -> dict[str, Any]:
    """The wire form of one event. A visitor's own message carries the client's id."""
    body = message.body
    common = {"type": message.kind, "seq": message.seq, "at": message.at.isoformat()}
    if message.kind == "state":
        return {**common, **body}
    shown = {
        **common,
        "type": "message",
        "id": body.get("client_id") or message.id,
        "author": message.author,
        "text": body.get("text", ""),
    }
    for name in ("name", "buttons", "custom"):
        if body.get(name):
            shown[name] = body[name]
    return shown
