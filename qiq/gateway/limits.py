"""Rate limits: so many events within a sliding window for each key."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from qiq.desk import Desk, StoreUnavailable

MAX_KEYS = 50_000
"""The oldest keys are forgotten first, so that many strangers cannot fill the memory."""


class Limiter:
    """``take(key)`` is 0.0 when allowed, else the seconds to wait."""

    def __init__(
        self, count: int, seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.count = count
        self.seconds = seconds
        self.clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Counts one event of ``key``; a refused one is not counted."""
        now = self.clock()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while len(self._seen) > MAX_KEYS:
            self._seen.popitem(last=False)
        while times and times[0] <= now - self.seconds:
            times.popleft()
        if len(times) >= self.count:
            return times[0] + self.seconds - now
        times.append(now)
        return 0.0


class Limit:
    """A limit by name. Where several gateways share a database it holds for all of them."""

    def __init__(self, name: str, count: int, seconds: float, desk: Desk) -> None:
        self.name = name
        self.desk = desk
        self.own = Limiter(count, seconds)

    async def take(self, key: str) -> float:
        """Counts one event of ``key``: 0.0 when allowed, else the seconds to wait."""
        if not self.desk.is_shared:
            return self.own.take(key)
        subject, own = f"{self.name}:{key}", self.own
        try:
            return await asyncio.to_thread(
                self.desk.take, subject, most=own.count, seconds=own.seconds
            )
        except StoreUnavailable:  # a database that is away is no reason to turn anybody away
            return own.take(key)
