"""Webhook body → messages. A batch holds many entries; every message of it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qiq.gateway.messenger.model import Incoming, Kind
from qiq.gateway.messenger.words import kind_of


def parse(body: Mapping[str, Any]) -> list[Incoming]:
    """Every message and pressed button of a batch, in the order in which they were written.

    Echoes of our own messages only confirm that they were taken. Delivery and read receipts, and
    what cannot be read are left out.
    """
    if body.get("object") != "page":
        return []
    events = (event for entry in _list(body, "entry") for event in _list(entry, "messaging"))
    ordered = sorted(events, key=_moment)
    return [message for event in ordered for message in _event(event)]


def _moment(event: Mapping[str, Any]) -> int:
    written = event.get("timestamp")
    return written if isinstance(written, int) else 0


def _event(event: Mapping[str, Any]) -> Iterator[Incoming]:
    sender = str((event.get("sender") or {}).get("id") or "")
    if not sender:
        return
    message, postback = event.get("message"), event.get("postback")
    if isinstance(postback, Mapping):
        key = str(postback.get("mid") or f"{sender}:{event.get('timestamp')}")
        yield _press(key, sender, str(postback.get("title") or ""), postback.get("payload"))
    elif isinstance(message, Mapping) and message.get("is_echo"):
        if message.get("metadata"):
            yield Incoming(str(message["metadata"]), sender, Kind.ECHO)
    elif isinstance(message, Mapping) and message.get("mid"):
        yield from _message(str(message["mid"]), sender, message)


def _message(key: str, sender: str, message: Mapping[str, Any]) -> Iterator[Incoming]:
    text = str(message.get("text") or "")
    quick = message.get("quick_reply")
    if isinstance(quick, Mapping):
        yield _press(key, sender, text, quick.get("payload"))
        return
    for number, attachment in enumerate(_list(message, "attachments")):
        kind = {"image": Kind.IMAGE, "audio": Kind.VOICE}.get(
            str(attachment.get("type")), Kind.OTHER
        )
        media = (attachment.get("payload") or {}).get("url")
        yield Incoming(f"{key}:{number}", sender, kind, media=str(media) if media else None)
    if text:
        yield Incoming(key, sender, kind_of(text), text)


def _press(key: str, sender: str, title: str, payload: object) -> Incoming:
    return Incoming(key, sender, Kind.PRESS, title, button=str(payload) if payload else None)


def _list(found: object, key: str) -> list[Mapping[str, Any]]:
    values = found.get(key) if isinstance(found, Mapping) else None
    return [v for v in values if isinstance(v, Mapping)] if isinstance(values, list) else []
