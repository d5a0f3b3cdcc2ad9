"""The supervisor's end of the pipe to its guard."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

from qiq.supervisor import guard


class Guard:
    """Tells the guard process which groups live. The guard outlives Ctrl-C and `kill -9`."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def start(self) -> None:
        """Start the guard, apart from the terminal's process group."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", guard.__file__, stdin=PIPE, start_new_session=True
        )

    def add(self, group: int) -> None:
        """Remember a process group."""
        self._write(f"+{group}\n")

    def drop(self, group: int) -> None:
        """Forget a group that has ended."""
        self._write(f"-{group}\n")

    async def close(self) -> None:
        """Let the guard go; it ends whatever group is still listed."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()

    def _write(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(line.encode())
