"""Time left. A deadline is handed in as a moment of the loop's clock, never as a constant."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


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

    def share(self, part: float) -> float:
        """Seconds for a step that may take ``part`` of the whole, within what is left."""
        return max(0.05, min(self.total * part, self.left()))
