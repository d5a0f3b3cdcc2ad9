"""A panel's list of who owns which domain, kept for a minute: it is long and changes rarely."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

SECONDS = 60.0


class Owners:
    """Domain → the panel's user. ``read`` asks the panel; several askers at once make one question.

    What ``read`` raises reaches the asker, and the next one asks again.
    """

    def __init__(self, read: Callable[[], Awaitable[Mapping[str, str]]]) -> None:
        self._read = read
        self._known: Mapping[str, str] = {}
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def all(self) -> Mapping[str, str]:
        """Every domain with its owner."""
        async with self._lock:
            if time.monotonic() > self._until or not self._known:
                self._known = await self._read()
                self._until = time.monotonic() + SECONDS
            return self._known

    async def of(self, domain: str) -> str | None:
        """The user who owns ``domain``; None when nobody here does."""
        return (await self.all()).get(domain)
