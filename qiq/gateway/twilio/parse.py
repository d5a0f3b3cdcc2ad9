"""Form of Twilio's webhook → messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qiq.gateway.messenger.model import Incoming, Kind
from qiq.gateway.messenger.words import kind_of

MOST_MEDIA = 10


def parse(form: Mapping[str, str]) -> list[Incoming]:
    """The text and each attachment; nothing when the form is no message."""
    key, sender = form.get("MessageSid", ""), form.get("From", "")
    if not key or not sender:
        return []
    return [*_media(key, sender, form), *_text(key, sender, form)]


def _media(key: str, sender: str, form: Mapping[str, str]) -> Iterator[Incoming]:
    count = form.get("NumMedia", "0")
    for number in range(min(int(count) if count.isdecimal() else 0, MOST_MEDIA)):
        family = form.get(f"MediaContentType{number}", "").partition("/")[0]
        kind = {"image": Kind.IMAGE, "audio": Kind.VOICE}.get(family, Kind.OTHER)
        yield Incoming(f"{key}:{number}", sender, kind, media=form.get(f"MediaUrl{number}"))


def _text(key: str, sender: str, form: Mapping[str, str]) -> Iterator[Incoming]:
    text = form.get("Body", "")
    payload = form.get("ButtonPayload")
    if payload:
        yield Incoming(key, sender, Kind.PRESS, form.get("ButtonText", text), button=payload)
    elif form.get("OptOutType") in {"STOP", "START"}:
        yield Incoming(key, sender, Kind[form["OptOutType"]], text)
    elif text:
        yield Incoming(key, sender, kind_of(text), text)
    elif form.get("Latitude") or form.get("NumMedia", "0") == "0":
        yield Incoming(key, sender, Kind.OTHER)
