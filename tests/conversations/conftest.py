"""One stack a session; scripts run side by side where the lab stays as it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from qiq.supervisor.ports import free_port
from tests.conversations.compare import Unexpected
from tests.conversations.player import Stack, play
from tests.conversations.script import Script

ROOT = Path(__file__).parents[2]
START_SECONDS = 400
"""Training included, on a machine that does other things."""
SIDE_BY_SIDE = 4


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running product, started once a session."""
    with running() as found:
        yield found


@contextmanager
def running(**environment: str) -> Iterator[Stack]:
    """A stack of its own; ``QIQ_TEST_STACK=http://…,/state`` uses one that runs already, unless
    it has to be started with an ``environment``."""
    given = os.environ.get("QIQ_TEST_STACK")
    if given and not {"QIQ_DATABASE_URL", "QIQ_TEST_SETTINGS"} & environment.keys():
        url, folder = given.split(",")
        yield Stack(url, Path(folder))
        return
    with TemporaryDirectory(prefix="qiq-stack-") as folder:
        state, port = Path(folder), free_port()
        log = (state / "stack.log").open("wb")
        command = [sys.executable, "-m", "tests.conversations.stack", str(port), str(state)]
        told = {**os.environ, **environment}
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=told)
        try:
            _wait(process, f"http://127.0.0.1:{port}", state / "stack.log")
            yield Stack(f"http://127.0.0.1:{port}", state)
        finally:
            _end(process)
            log.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if "the stack is ready" in log.read_text(errors="replace"):
            return
        time.sleep(0.3)
    tail = log.read_text(errors="replace")[-4000:]
    raise RuntimeError(f"the stack at {url} did not start:\n{tail}")


@pytest.fixture(scope="session")
def outcomes(stack: Stack, request: pytest.FixtureRequest) -> dict[str, str]:
    """Every chosen script's failure, or an empty string."""
    scripts: list[Script] = [
        item.callspec.params["script"]
        for item in request.session.items
        if isinstance(
            getattr(item, "callspec", None) and item.callspec.params.get("script"), Script
        )
    ]
    found: dict[str, str] = {}
    apart = [s for s in scripts if s.alone]
    together = sorted((s for s in scripts if not s.alone), key=lambda s: s.fault)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for fault, group in groupby(together, key=lambda s: s.fault):
            _set(stack, fault)
            for script, failure in pool.map(lambda s: (s, _played(s, stack)), list(group)):
                found[script.name] = failure
    for script in apart:
        _set(stack, script.fault)
        found[script.name] = _played(script, stack)
    _set(stack, "")
    return found


def _set(stack: Stack, fault: str) -> None:
    stack.lab("heal")
    if fault:
        stack.lab("break", fault)


def _played(script: Script, stack: Stack) -> str:
    try:
        play(script, stack, f"{script.name.replace('/', '-')}-{time.monotonic_ns()}")
    except (Unexpected, httpx.HTTPError) as error:
        return str(error)
    return ""
