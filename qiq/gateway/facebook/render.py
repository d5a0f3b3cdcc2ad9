"""Answers → bodies of the Send API."""

from __future__ import annotations

from typing import Any

from qiq.gateway.messenger.fit import fit
from qiq.gateway.messenger.model import Limits, Outgoing, Piece

LIMITS = Limits(text=2000, buttons=13, title=20)
"""Text of one message, number of quick replies, characters of a title (Send API reference)."""


def render(message: Outgoing, recipient: str, *, late: bool = False) -> list[dict[str, Any]]:
    """One body a call. ``late``: the 24-hour window is over and a person answers (seven days)."""
    kind = (
        {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        if late
        else {"messaging_type": "RESPONSE"}
    )
    return [
        {"recipient": {"id": recipient}, **kind, "message": _message(p)}
        for p in fit(message, LIMITS)
    ]


def typing(recipient: str) -> dict[str, Any]:
    """The three dots."""
    return {"recipient": {"id": recipient}, "sender_action": "typing_on"}


def _message(piece: Piece) -> dict[str, Any]:
    if piece.picture:
        media = {"url": piece.picture, "is_reusable": False}
        return {"attachment": {"type": "image", "payload": media}}
    message: dict[str, Any] = {"text": piece.text}
    if piece.buttons:
        message["quick_replies"] = [
            {"content_type": "text", "title": button.title, "payload": button.id}
            for button in piece.buttons
        ]
    return message
