"""Keeps one part alive: start, wait until ready, watch, start again, give up."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import deque
from collections.abc import Callable

from qiq.supervisor import probe
from qiq.supervisor.child import Child
from qiq.supervisor.guarded import Guard
from qiq.supervisor.journal import Journal
from qiq.supervisor.part import HttpReady, LineReady, Part

LOOK_SECONDS = 0.1


class Keeper:
    """One part over all its lives. `ready` is set while it can work, `given_up` for good."""

    def __init__(
        self,
        part: Part,
        guard: Guard,
        journal: Journal,
        on_ready: Callable[[Keeper], None] = lambda _: None,
    ) -> None:
        self.part, self._guard, self._journal, self._on_ready = part, guard, journal, on_ready
        self.ready = asyncio.Event()
        self.given_up = asyncio.Event()
        self.was_ready = False
        self.lives = 0
        self._deaths: deque[float] = deque()
        self._child: Child | None = None
        self._marker_seen = asyncio.Event()
        self._restarting = False
        self._stopped = asyncio.Event()

    async def keep(self) -> None:
        """Run the part until `stop`, or until it has died too often."""
        while not self._stopped.is_set() and not self._too_many_deaths():
            await self._live()
        if not self._stopped.is_set():
            self._say_given_up()
            self.given_up.set()

    async def stop(self) -> None:
        """End the part and do not start it again."""
        self._stopped.set()
        self.ready.clear()
        if self._child is not None:
            await self._child.stop()

    async def restart(self) -> None:
        """End the process; `keep` starts it again. Used when what it was told has changed."""
        if self._child is not None:
            self._restarting = True
            await self._child.stop()

    def kill(self) -> None:
        """End the process at once."""
        if self._child is not None:
            self._child.kill()

    async def _live(self) -> None:
        self._marker_seen.clear()
        try:
            self._child = child = await Child.start(self.part, self._guard, self._hear)
        except OSError as error:
            await self._died(f"could not be started: {error.strerror}: {self.part.command[0]}")
            return
        self.lives += 1
        watch = asyncio.create_task(self._watch(child))
        code = await child.ended()
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        self.ready.clear()
        self._child = None
        if self._restarting:
            self._restarting = False
        elif not self._stopped.is_set():
            await self._died(_ending(code))

    def _hear(self, line: str) -> None:
        if isinstance(self.part.ready, LineReady) and self.part.ready.marker in line:
            self._marker_seen.set()
        self._journal.line(self.part.name, line)

    async def _watch(self, child: Child) -> None:
        """Wait for the part to be ready, then see that it stays responsive; kill it otherwise."""
        try:
            async with asyncio.timeout(self.part.patience.start):
                await self._until_ready()
        except TimeoutError:
            seconds = self.part.patience.start
            self._journal.say(f"{self.part.name} was not ready after {seconds:.0f} s; ending it.")
            child.kill()
            return
        self.was_ready = True
        self.ready.set()
        self._on_ready(self)
        if isinstance(self.part.ready, HttpReady):
            await self._until_deaf(self.part.ready.url)
            self._journal.say(f"{self.part.name} does not answer any more; ending it.")
            child.kill()

    async def _until_ready(self) -> None:
        if isinstance(self.part.ready, LineReady):
            await self._marker_seen.wait()
            return
        url, seconds = self.part.ready.url, self.part.patience.probe_answer
        # Asking again and again is the only way: a part that is starting tells nobody.
        while await probe.status(url, seconds) != 200:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)

    async def _until_deaf(self, url: str) -> None:
        misses = 0
        while misses < self.part.patience.probe_misses:
            await asyncio.sleep(self.part.patience.probe_every)
            answered = await probe.status(url, self.part.patience.probe_answer) is not None
            misses = 0 if answered else misses + 1

    async def _died(self, how: str) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        while now - self._deaths[0] > self.part.patience.window:
            self._deaths.popleft()
        if self._too_many_deaths():
            self._journal.say(f"{self.part.name} {how}.")
            return
        patience = self.part.patience
        delay = min(patience.first_delay * 2 ** (len(self._deaths) - 1), patience.longest_delay)
        self._journal.say(f"{self.part.name} {how}. Starting it again in {delay:.1f} s.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), delay)

    def _too_many_deaths(self) -> bool:
        return len(self._deaths) >= self.part.patience.deaths

    def _say_given_up(self) -> None:
        name, patience = self.part.name, self.part.patience
        self._journal.say(
            f"{name} ended {len(self._deaths)} times within {patience.window:.0f} s and is not "
            f"started again. Its last lines are below, all of them in {self._journal.path(name)}"
        )
        for line in self._journal.last(name):
            self._journal.say(f"  {name}: {line}")


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with status {code}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"
