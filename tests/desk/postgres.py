"""A PostgreSQL server of its own for a test, that can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from qiq.supervisor.ports import free_port

START_SECONDS = 60


def programs() -> Path | None:
    """The newest installed PostgreSQL's folder."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


BIN = programs()
needed = pytest.mark.skipif(
    BIN is None and not os.environ.get("CI"),
    reason="PostgreSQL is not installed: apt-get install postgresql",
)


@dataclass(frozen=True)
class Server:
    """Listens on loopback; ``folder`` holds data, socket and log."""

    bin: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://qiq@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Starts, and after a crash recovers; returns when it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
        self._control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def kill(self) -> None:
        """``kill -9`` of the server and of every process that serves a connection."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        family = [pid, *_children(pid)]
        for one in family:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        until = time.monotonic() + START_SECONDS
        while any(_lives(one) for one in family) and time.monotonic() < until:
            time.sleep(0.02)
        # In a container nobody may reap the dead: their lock files would name a "living" process.
        (self.folder / "data" / "postmaster.pid").unlink()
        for lock in self.folder.glob(".s.PGSQL.*"):
            lock.unlink()

    def _control(self, *arguments: str) -> None:
        data = ("-D", str(self.folder / "data"))
        run(str(self.bin / "pg_ctl"), *data, "-w", "-t", str(START_SECONDS), *arguments)


def run(*command: str) -> None:
    """PostgreSQL refuses to run as root, so root becomes ``postgres`` first."""
    options = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **options)  # type: ignore[call-overload]


@contextmanager
def running() -> Iterator[Server]:
    """A fresh server on a free port, gone with its data at the end."""
    assert BIN is not None, "PostgreSQL is not installed: apt-get install postgresql"
    folder = Path(tempfile.mkdtemp(prefix="qiq-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
    server = Server(BIN, folder, free_port())
    run(str(BIN / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "qiq", "--no-sync")
    server.start()
    try:
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    """Whether it still runs; one that has ended and was not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
