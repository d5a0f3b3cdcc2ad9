"""Events in the words of Rasa's Socket.IO channel: what a widget made for Rasa can draw."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qiq.gateway.events import BUTTON_ID

Frame = dict[str, Any]

_LINK = re.compile(r"\](?=\s*[(:\[])|<(?=\w)")
_JOINER = "\u2060"
"""Nothing to see, but no Markdown reader takes what it parts for a link. (A space is not enough:
rasa-webchat's reader is older than CommonMark and skips it.)"""
_BREAK = re.compile(r"(?<=\S)\n(?=\S)")


def uttered(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """A ``bot_uttered`` for one event; None for what such a widget has no place for.

    Exactly the keys Rasa sends: rasa-webchat drops a message that has one more.
    """
    text = event.get("text")
    if event.get("type") != "message" or event.get("author") == "visitor" or not text:
        return None
    name = event.get("name")
    link = str((event.get("custom") or {}).get("receipt") or "")
    said = [f"{name}: {text}" if name and event.get("author") == "staff" else str(text)]
    if link.startswith("https://"):  # without a public address it is only a path
        said.append(link)
    body: dict[str, Any] = {"text": _for_markdown("\n\n".join(said))}
    if buttons := event.get("buttons"):
        body["quick_replies"] = [
            {"content_type": "text", "title": one["title"], "payload": one["id"]} for one in buttons
        ]
    return body


def _for_markdown(text: str) -> str:
    """Widgets made for Rasa read Markdown, and rasa-webchat lets ``javascript:`` links through.
    Texts quote strangers' servers, so only a bare address may become a link; and a new line stays
    one (CommonMark 6.7)."""
    return _BREAK.sub("  \n", _LINK.sub(rf"\g<0>{_JOINER}", text))


def frame(body: Mapping[str, Any], key: str) -> Frame | None:
    """A ``user_uttered`` as the widget's own frame; None when it says nothing.

    A quick reply comes back as the id that was issued with it. Rasa's ``/intent{…}`` is text.
    """
    said = body.get("message")
    if not isinstance(said, str) or not said.strip():
        return None  # rasa-webchat opens with ``null`` unless the page sets an initPayload
    if BUTTON_ID.fullmatch(said.strip()):
        return {"type": "press", "id": key, "button": said.strip()}
    return {"type": "message", "id": key, "text": said}
