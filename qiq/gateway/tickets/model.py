"""The small protocol every ticket system speaks here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Event:
    """One thing a ticket system is told of a case. ``mark`` is unique and part of the text."""

    case: str
    kind: str
    subject: str
    text: str
    mark: str
    email: str | None = None

    @property
    def marked(self) -> str:
        """The text as it is sent: the mark lets us find it again after a crash."""
        return f"{self.text}\n\n[{self.mark}]"


class TicketError(Exception):
    """The system did not take it. ``final`` when trying again cannot help."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class TicketSystem(Protocol):
    """Opening and replying; ``find`` and ``has_reply`` settle what a crash left unknown."""

    name: str

    async def open(self, event: Event) -> str:
        """Opens a ticket; returns the system's own id. Raises ``TicketError``."""
        ...

    async def reply(self, ticket: str, event: Event) -> None:
        """Adds to a ticket. Raises ``TicketError``."""
        ...

    async def find(self, event: Event) -> str | None:
        """The ticket that ``open`` made for this case earlier, if it did."""
        ...

    async def has_reply(self, ticket: str, event: Event) -> bool:
        """Whether ``reply`` got through earlier."""
        ...

    async def close(self) -> None:
        """Ends connections."""
        ...
