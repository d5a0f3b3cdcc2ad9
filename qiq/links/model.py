"""What became of one address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qiq.links.collect import Link


class State(str, Enum):
    """``CANNOT_TELL`` is no verdict: many sites refuse programs and serve people."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    CANNOT_TELL = "cannot tell"
    NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Found:
    """``detail`` says why; ``moved_to`` is the new address of a lasting redirect."""

    link: Link
    state: State
    detail: str = ""
    moved_to: str | None = None

    def line(self) -> str:
        """One line for people."""
        more = f" ({self.detail})" if self.detail else ""
        moved = f"\n    now at {self.moved_to}" if self.moved_to else ""
        return (
            f"{self.state.value:12} {self.link.url}{more}{moved}\n    {'; '.join(self.link.places)}"
        )
