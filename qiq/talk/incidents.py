"""Known faults that are going on: which of them concern a complaint, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

from qiq.talk import table
from qiq.talk.model import Say


@dataclass(frozen=True)
class Going:
    """An open incident. ``since`` is aware."""

    cause: str
    server: str
    title: str
    since: datetime

    @property
    def name(self) -> str:
        """What customers call it: the title staff gave it, or plain words for its cause."""
        return table.incident(_area(self.cause)) if self.title == self.cause else self.title


class Caused(Protocol):
    """Anything with the cause of an incident."""

    @property
    def cause(self) -> str: ...


One = TypeVar("One", bound=Caused)


def concerning(intent: str, going: Iterable[One]) -> tuple[One, ...]:
    """Those that may be behind this complaint; all of them when it is about no service."""
    areas = table.concerns(table.group(intent))
    return tuple(one for one in going if not areas or _area(one.cause) in areas)


def told(going: Going, zone: tzinfo) -> Say:
    """ "We know, since 10:05, we are on it." """
    since = going.since.astimezone(zone).strftime("%H:%M")
    return Say("utter_status_incident", {"title": going.name, "since": since})


def service_of(cause: str) -> str:
    """The service a cause is about: ``mail.imap`` of ``mail.imap.refused``."""
    return ".".join(cause.split(".")[:2])


def _area(cause: str) -> str:
    return cause.split(".", 1)[0]
