"""How much may be checked: per visitor, per domain, in all, and at once."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from qiq.counting import Memory
from qiq.settings import Settings
from qiq.settings.windows import MINUTE, Full, Together, Uncounted, Window, windows

log = logging.getLogger("qiq.diagnosis")
PAUSE, BREATHLESS = 0.02, 0.06


@dataclass(frozen=True)
class Exceeded:
    """``limit`` is a key of the settings; ``minutes`` until there is room again."""

    limit: str
    minutes: int


class Budget:
    """Limits for all processes that count together, else for this one; and a queue of this process
    beyond ``concurrent_batteries``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._memory = Memory()
        self._slots: tuple[asyncio.AbstractEventLoop, asyncio.Semaphore, asyncio.Lock] | None = None
        self._running = 0

    def spend(self, visitor: str, domain: str, together: Together | None = None) -> Exceeded | None:
        """Count one battery, or say which limit is reached (nothing is counted then).

        Counted by ``together``; by this process alone without it, and while it fails.
        """
        full = self._full(windows(self._settings, visitor, domain), together)
        if full is None:
            return None
        return Exceeded(full.window.limit, max(1, math.ceil(full.seconds / MINUTE)))

    def _full(self, wanted: Sequence[Window], together: Together | None) -> Full | None:
        if together is not None:
            try:
                return together(wanted)
            except Uncounted:
                log.error("the limits of checks are counted by this process alone: no database")
        return self._memory.take_all(wanted)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """One of ``concurrent_batteries`` places; waits for one. A battery's time starts after.

        While this program is out of breath no further one begins: late checks prove nothing.
        """
        loop = asyncio.get_running_loop()
        if self._slots is None or self._slots[0] is not loop:
            places = asyncio.Semaphore(self._settings.limits.concurrent_batteries)
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
