"""Rate limits: so many events within a sliding window for each key."""

from __future__ import annotations

import asyncio

from qiq.counting import Memory
from qiq.desk import Desk, StoreUnavailable
from qiq.settings.windows import Window


class Limit:
    """A limit by name. Where several gateways share a database it holds for all of them."""

    def __init__(self, name: str, count: int, seconds: float, desk: Desk) -> None:
        self.name = name
        self.count = count
        self.seconds = seconds
        self.desk = desk
        self._own = Memory()

    async def take(self, key: str) -> float:
        """Counts one event of ``key``: 0.0 when allowed, else the seconds to wait."""
        wanted = [Window(self.name, f"{self.name}:{key}", self.count, self.seconds)]
        try:
            if self.desk.is_shared:
                full = await asyncio.to_thread(self.desk.take_all, wanted)
            else:
                full = self._own.take_all(wanted)
        except StoreUnavailable:  # a database that is away is no reason to turn anybody away
            full = self._own.take_all(wanted)
        return full.seconds if full else 0.0
