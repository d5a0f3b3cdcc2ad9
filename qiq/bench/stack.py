"""The whole product in a state folder of its own, started as a user starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from qiq.supervisor.ports import free_port

START_SECONDS = 600.0


class StackFailed(Exception):
    """The product did not answer; the text ends with its last lines."""


@contextmanager
def running(root: Path, model: Path, lines: Path) -> Iterator[tuple[str, int, float]]:
    """URL, process id of the supervisor, and seconds from the start to the first true answer."""
    port = free_port()
    command = [sys.executable, "-c", "from qiq.cli import main; main()", "run", "--dev-rest"]
    with tempfile.TemporaryDirectory(prefix="qiq-bench-") as state, lines.open("wb") as log:
        environment = {**os.environ, "QIQ_STATE": state}
        begin = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--port", str(port), "--model", str(model)],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _until_answered(process, url, lines)
            yield url, process.pid, time.monotonic() - begin
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _until_answered(process: subprocess.Popen[bytes], url: str, lines: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/ready", timeout=10).status_code == 200:
                ask(url, "the first", "hello")
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    last = "\n".join(lines.read_text("utf-8", "replace").splitlines()[-15:])
    raise StackFailed(f"the product did not answer; its last lines:\n{last}")


def ask(url: str, sender: str, text: str) -> float:
    """Seconds for one turn. Raises StackFailed when nothing was answered."""
    begin = time.monotonic()
    body = {"sender": sender, "message": text}
    answer = httpx.post(f"{url}/webhooks/rest/webhook", json=body, timeout=120)
    seconds = time.monotonic() - begin
    if answer.status_code != 200 or not answer.json():
        raise StackFailed(f"{text!r} was not answered (HTTP {answer.status_code})")
    return seconds
