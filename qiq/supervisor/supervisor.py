"""All parts together: start in parallel, watch, stop in reverse order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Sequence

from qiq.supervisor.guarded import Guard
from qiq.supervisor.journal import Journal
from qiq.supervisor.keeper import Keeper
from qiq.supervisor.part import Part

FIRST_PROGRESS_SECONDS = 2.0
PROGRESS_SECONDS = 5.0


class Supervisor:
    """Runs `parts` until a signal, or until a vital one is given up on.

    `on_ready` is the line printed once everything answers.
    """

    def __init__(self, parts: Sequence[Part], journal: Journal, on_ready: str) -> None:
        self._journal, self._on_ready = journal, on_ready
        self._guard = Guard()
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.keepers = {
            part.name: Keeper(part, self._guard, journal, self._became_ready) for part in parts
        }

    async def run(self) -> int:
        """Exit status: 0 after a signal, 1 when a part was given up on."""
        await self._guard.start()
        self._listen_for_signals()
        self._tasks += [asyncio.create_task(self._keep(one)) for one in self.keepers.values()]
        announcing = asyncio.create_task(self._announce())
        try:
            await self._stop.wait()
        finally:
            announcing.cancel()
            await self._end()
        return 1 if any(keeper.given_up.is_set() for keeper in self.keepers.values()) else 0

    def stop(self) -> None:
        """End everything; a second call does not wait for anybody."""
        if self._stop.is_set():
            for keeper in self.keepers.values():
                keeper.kill()
        self._stop.set()

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)

    async def _keep(self, keeper: Keeper) -> None:
        for name in keeper.part.needs:
            await self.keepers[name].ready.wait()
        await keeper.keep()
        if keeper.given_up.is_set() and (keeper.part.vital or not self._started()):
            self._journal.say(f"Without {keeper.part.name} there is nothing to run; stopping.")
            self._stop.set()

    def _became_ready(self, keeper: Keeper) -> None:
        """A part that was started again may listen elsewhere: tell those that need it anew."""
        if keeper.lives > 1:
            for other in self.keepers.values():
                if keeper.part.name in other.part.needs:
                    self._tasks.append(asyncio.create_task(other.restart()))

    def _started(self) -> bool:
        return all(keeper.was_ready for keeper in self.keepers.values())

    async def _announce(self) -> None:
        begin, pause = time.monotonic(), FIRST_PROGRESS_SECONDS
        while waiting := [name for name, keeper in self.keepers.items() if not keeper.was_ready]:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self.keepers[waiting[0]].ready.wait()
                    continue
            passed, pause = time.monotonic() - begin, PROGRESS_SECONDS
            self._journal.say(f"waiting for {', '.join(waiting)} ({passed:.0f} s)")
        self._journal.say(f"ready after {time.monotonic() - begin:.1f} s")
        self._journal.say(self._on_ready)

    async def _end(self) -> None:
        self._journal.say("stopping")
        keepers = self.keepers.values()
        # What faces people goes first: no message is taken that nobody can answer any more.
        await asyncio.gather(*(keeper.stop() for keeper in keepers if keeper.part.vital))
        await asyncio.gather(*(keeper.stop() for keeper in keepers if not keeper.part.vital))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._guard.close()
        self._journal.say("stopped")
