"""How much may be checked: per visitor, per domain, in all, and at once."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from qiq.settings import Settings

HOUR, MINUTE = 3600.0, 60.0
KEYS = 20_000
PAUSE, BREATHLESS = 0.02, 0.06


@dataclass(frozen=True)
class Exceeded:
    """``limit`` is a key of the settings; ``minutes`` until there is room again."""

    limit: str
    minutes: int


class Budget:
    """Sliding windows of this process, and a queue beyond ``concurrent_batteries``."""

    def __init__(self, settings: Settings) -> None:
        self._limits = settings.limits
        self._used: dict[tuple[str, str], deque[float]] = {}
        self._slots: tuple[asyncio.AbstractEventLoop, asyncio.Semaphore, asyncio.Lock] | None = None
        self._running = 0

    def spend(self, visitor: str, domain: str, now: float | None = None) -> Exceeded | None:
        """Count one battery, or say which limit is reached (nothing is counted then)."""
        now = time.monotonic() if now is None else now
        limits = self._limits
        windows = [
            ("checks_per_domain_per_hour", domain, limits.checks_per_domain_per_hour, HOUR),
            ("checks_per_minute", "", limits.checks_per_minute, MINUTE),
        ]
        if visitor:
            most = limits.checks_per_visitor_per_hour
            windows.insert(0, ("checks_per_visitor_per_hour", visitor, most, HOUR))
        for name, key, most, seconds in windows:
            times = self._window(name, key, now - seconds)
            if len(times) >= most:
                return Exceeded(name, max(1, math.ceil((times[0] + seconds - now) / MINUTE)))
        for name, key, _, _ in windows:
            self._used[name, key].append(now)
        return None

    def _window(self, name: str, key: str, since: float) -> deque[float]:
        if len(self._used) > KEYS:
            self._forget(since)
        times = self._used.setdefault((name, key), deque())
        while times and times[0] <= since:
            times.popleft()
        return times

    def _forget(self, since: float) -> None:
        for key in [key for key, times in self._used.items() if not times or times[-1] <= since]:
            del self._used[key]

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """One of ``concurrent_batteries`` places; waits for one. A battery's time starts after.

        While this program is out of breath no further one begins: late checks prove nothing.
        """
        loop = asyncio.get_running_loop()
        if self._slots is None or self._slots[0] is not loop:
            places = asyncio.Semaphore(self._limits.concurrent_batteries)
            self._slots, self._running = (loop, places, asyncio.Lock()), 0
        _, places, door = self._slots
        async with places:
            async with door:  # one at a time, so that each sees what the one before costs
                while self._running and await _late() > BREATHLESS:  # noqa: ASYNC110
                    await asyncio.sleep(PAUSE)
            self._running += 1
            try:
                yield
            finally:
                self._running -= 1


async def _late() -> float:
    """By how many seconds the loop is late at the moment."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.sleep(PAUSE)
    return loop.time() - before - PAUSE


def budget_for(settings: Settings) -> Budget:
    """The budget of this process for the file ``settings`` were read from and their limits."""
    key = (str(settings.path), settings.limits)
    if key not in _BUDGETS:
        _BUDGETS[key] = Budget(settings)
    return _BUDGETS[key]


_BUDGETS: dict[tuple[str, object], Budget] = {}
