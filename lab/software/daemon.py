"""Start, watch, freeze and stop one daemon in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.files import write_atomically

_START_SECONDS = 20.0
_STOP_SECONDS = 2.0
_LOOK_SECONDS = 0.03
_WITH_US = ("setpriv", "--pdeathsig", "TERM")
"""util-linux: the daemon is told to end when we are gone, however we went."""


class DaemonError(RuntimeError):
    """A daemon did not do what it was told; the text holds the end of its log."""


class Daemon:
    """One process, its configuration files, and the ports that show that it is up.

    Standard output and error go to a file: a daemon that inherits a pipe hangs whoever reads it.
    """

    def __init__(self, name: str, folder: Path, command: Sequence[str]) -> None:
        self.name = name
        self.folder = folder
        self.command = list(command)
        self.process: subprocess.Popen[bytes] | None = None
        self.written: dict[Path, str] = {}
        self.frozen: list[int] = []
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        return self.folder / "output.log"

    def write(self, files: dict[Path, str]) -> bool:
        """Write configuration; whether anything is new."""
        if files == self.written:
            return False
        for path, text in files.items():
            if self.written.get(path) != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, text)
        for path in self.written.keys() - files.keys():
            path.unlink(missing_ok=True)
        self.written = dict(files)
        return True

    async def start(self, *, up: Sequence[tuple[str, int]]) -> None:
        """Run, and wait until every port of ``up`` answers. Another's daemon there is an error."""
        ends = time.monotonic() + _STOP_SECONDS
        # What was killed a moment ago may still be on its way out.
        while taken := [f"{address}:{port}" for address, port in up if answers(address, port)]:
            if time.monotonic() > ends:
                raise DaemonError(f"{self.name} cannot start: {', '.join(taken)} is taken")
            await asyncio.sleep(_LOOK_SECONDS)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220, S603 - returns at once
                [*_WITH_US, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        await self.until(lambda: all(answers(*one) for one in up), "does not answer")

    async def until(self, true: Callable[[], bool], complaint: str) -> None:
        ends = time.monotonic() + _START_SECONDS
        while not true():
            if not self.running or time.monotonic() > ends:
                raise DaemonError(f"{self.name} {complaint}\n{self._tail()}")
            await asyncio.sleep(_LOOK_SECONDS)

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        return "\n".join(lines)

    async def stop(self) -> None:
        """End the process and all it started."""
        process, self.process = self.process, None
        if process is None:
            return
        self.thaw()
        everyone = family(process.pid)
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        ends = time.monotonic() + _STOP_SECONDS
        while process.poll() is None and time.monotonic() < ends:  # noqa: ASYNC110 - a process
            await asyncio.sleep(_LOOK_SECONDS)
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=_STOP_SECONDS)

    def freeze(self, only: str = "") -> None:
        """Stop the processes of this daemon dead (SIGSTOP), or just those named ``only``."""
        if self.process is None:
            return
        members = [pid for pid in family(self.process.pid) if not only or comm(pid) == only]
        for pid in members:
            os.kill(pid, signal.SIGSTOP)
        self.frozen = members

    def thaw(self) -> None:
        for pid in self.frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.frozen = []


def answers(address: str, port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(0.2)
        return sock.connect_ex((address, port)) == 0


def comm(pid: int) -> str:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def family(root: int) -> list[int]:
    """A process and everything it started, parents first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found
