"""What a messenger sends us and what we send it, free of any platform's own shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """What arrived. Everything is answered; ``OTHER`` kindly."""

    TEXT = "text"
    PRESS = "press"
    IMAGE = "image"
    VOICE = "voice"
    OTHER = "other"
    STOP = "stop"
    START = "start"
    ECHO = "echo"
    """Our own message, as the platform confirms it; ``key`` is the mark we gave it."""


@dataclass(frozen=True)
class Incoming:
    """One message of one person. ``key`` is the platform's own id, the same when it sends it again.

    ``address`` is how the platform names the talk; ``button`` the server-issued id of a pressed
    button; ``media`` where the platform keeps the picture.
    """

    key: str
    address: str
    kind: Kind
    text: str = ""
    button: str | None = None
    media: str | None = None


@dataclass(frozen=True)
class Button:
    id: str
    title: str


@dataclass(frozen=True)
class Outgoing:
    """One answer, before it is fitted to a platform."""

    text: str
    buttons: tuple[Button, ...] = ()
    link: str | None = None
    picture: str | None = None
    """Address of a picture that staff sent."""

    @classmethod
    def of_body(cls, body: Mapping[str, Any], link: str | None = None) -> Outgoing:
        """From a stored message; its text already says what a card shows."""
        buttons = tuple(Button(item["id"], item["title"]) for item in body.get("buttons") or ())
        custom = body.get("custom") or {}
        picture = custom.get("link") if custom.get("type") == "file" else None
        return cls(str(body.get("text") or ""), buttons, link, picture)


@dataclass(frozen=True)
class Limits:
    """What a platform takes in one message: characters, buttons, characters of a title, and
    whether pictures can be shown."""

    text: int
    buttons: int = 0
    title: int = 0
    pictures: bool = True


@dataclass(frozen=True)
class Piece:
    """What one API call carries: a text, or a picture."""

    text: str
    buttons: tuple[Button, ...] = ()
    picture: str | None = None
