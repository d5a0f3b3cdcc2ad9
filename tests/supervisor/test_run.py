"""`qiq run` before anything is started: bad input is a clear error."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def qiq(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from qiq.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_named_with_the_fix(taken_port: int) -> None:
    done = qiq("run", "--port", taken_port)
    assert done.returncode == 2
    assert f"Port {taken_port} on 127.0.0.1 cannot be used" in done.stderr
    assert f"make run PORT={taken_port + 1}" in done.stderr


def test_dev_rest_is_refused_where_others_can_reach_it() -> None:
    done = qiq("run", "--port", 0x8000 + 77, "--host", "0.0.0.0", "--dev-rest")
    assert done.returncode == 2
    assert "--dev-rest" in done.stderr
    assert "0.0.0.0" in done.stderr


def test_a_port_that_is_none_is_refused() -> None:
    done = qiq("run", "--port", 70000)
    assert done.returncode == 2
    assert "65535" in done.stderr


def test_every_command_loads_and_says_what_it_does() -> None:
    done = qiq("--help")
    assert done.returncode == 0
    for command in ("check", "lab", "run", "settings", "train"):
        assert command in done.stdout
    assert qiq("no-such-command").returncode == 2
