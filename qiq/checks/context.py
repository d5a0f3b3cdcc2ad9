"""What every check of one run gets: settings, time, the doors, and look-ups shared by all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from qiq.checks.clock import Deadline
from qiq.checks.dial import Dialer
from qiq.checks.dns_door import Resolver
from qiq.checks.fetch import Fetcher
from qiq.checks.guard import Guard
from qiq.checks.model import Target
from qiq.hosting.model import Hosting
from qiq.settings import Settings

T = TypeVar("T")
MARGIN = 0.3


class Context:
    """One run's surroundings. ``once`` shares work between checks of the same run; ``lag`` is the
    longest time in seconds by which this program itself was late."""

    def __init__(
        self, settings: Settings, target: Target, deadline: Deadline, hosting: Hosting
    ) -> None:
        self.settings, self.target, self.deadline, self.hosting = (
            settings,
            target,
            deadline,
            hosting,
        )
        self.guard = Guard(settings)
        # The doors close a little before the run ends, so that a time-out is still a finding.
        deadline = deadline.earlier(MARGIN)
        self.dns = Resolver(settings, self.guard, deadline)
        self.dial = Dialer(self.guard, deadline)
        self.web = Fetcher(settings, self.guard, self.dns, deadline)
        self.lag = 0.0
        self._shared: dict[object, asyncio.Task[Any]] = {}

    async def once(self, key: object, make: Callable[[], Awaitable[T]]) -> T:
        """The value of ``make()``, called for the first asker only."""
        if key not in self._shared:
            self._shared[key] = asyncio.ensure_future(make())
        result: T = await asyncio.shield(self._shared[key])
        return result

    def close(self) -> None:
        """Stop whatever still runs; called when the battery has ended."""
        for task in [*self._shared.values(), *self.dns.pending()]:
            task.cancel()
