"""One running process of a part: start, lines, stop with all it started itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable

from qiq.supervisor.guarded import Guard
from qiq.supervisor.part import Part

BUFFER_BYTES = 256 * 1024


class Child:
    """A process in a group of its own, so that its own children can be ended with it."""

    def __init__(self, part: Part, process: Process, guard: Guard) -> None:
        self.part, self.process, self._guard = part, process, guard
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, part: Part, guard: Guard, on_line: Callable[[str], None]) -> Child:
        """Start the part's command; raises OSError when there is no such program."""
        process = await asyncio.create_subprocess_exec(
            *part.command,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env={**os.environ, **part.environment()},
            cwd=part.folder,
            start_new_session=True,
            limit=BUFFER_BYTES,
        )
        child = cls(part, process, guard)
        guard.add(process.pid)
        child._reader = asyncio.create_task(child._read(on_line))
        return child

    async def ended(self) -> int:
        """Wait for the end of the process; its exit status, negative for a signal."""
        code = await self.process.wait()
        self._signal(signal.SIGKILL)
        if self._reader is not None:
            await self._reader
        self._guard.drop(self.process.pid)
        return code

    async def stop(self) -> None:
        """Ask the whole group to end, insist after the part's patience."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), self.part.patience.stop)
        self._signal(signal.SIGKILL)
        await self.process.wait()

    def kill(self) -> None:
        """End the group at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        # The group stays reachable by its number while any member lives, the leader or not.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    async def _read(self, on_line: Callable[[str], None]) -> None:
        stream = self.process.stdout
        if stream is None:
            return
        while True:
            try:
                line = await stream.readline()
            except ValueError:
                # A line longer than the buffer: asyncio has dropped it, the next one follows.
                continue
            if not line:
                return
            on_line(line.decode("utf-8", "replace"))
