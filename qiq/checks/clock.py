"""Time left. A deadline is handed in as a moment of the loop's clock, never as a constant."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

FAIR_SHARE = 0.2
"""Part of the whole that the other side must have had before its silence says anything about it."""


@dataclass(frozen=True)
class Deadline:
    """``at`` is a moment of ``loop.time()``; ``total`` the seconds there were at the start."""

    at: float
    total: float

    @classmethod
    def in_seconds(cls, seconds: float) -> Deadline:
        return cls(asyncio.get_running_loop().time() + seconds, seconds)

    def earlier(self, seconds: float) -> Deadline:
        return Deadline(self.at - seconds, self.total - seconds)

    def left(self) -> float:
        return max(0.0, self.at - asyncio.get_running_loop().time())

    def fair(self, since: float) -> bool:
        """Whether an answer waited for since that moment of the loop's clock had time to come."""
        return asyncio.get_running_loop().time() - since >= self.total * FAIR_SHARE

    def share(self, part: float) -> float:
        """Seconds for a step that may take ``part`` of the whole, within what is left."""
        return max(0.05, min(self.total * part, self.left()))
