"""Parts under the supervisor: real processes, watched from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECONDS = 30


class Run:
    """A supervisor in a process of its own, started by tests/supervisor/play.py."""

    def __init__(self, scene: str, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        self._file = self.output.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.supervisor.play", scene, str(folder)],
            cwd=HERE.parents[1],
            stdout=self._file,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        return self.output.read_text("utf-8")

    def until(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not met():
            assert time.monotonic() < deadline, f"not met in time; said so far:\n{self.said()}"
            time.sleep(0.02)

    def until_said(self, text: str) -> None:
        self.until(lambda: text in self.said())

    def pids(self, name: str) -> list[int]:
        """Process ids that the part wrote, oldest first (a new line at each start)."""
        path = self.folder / f"{name}.pids"
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def all_pids(self) -> list[int]:
        return [pid for path in self.folder.glob("*.pids") for pid in self.pids(path.stem)]

    def ends(self) -> int:
        return self.process.wait(SECONDS)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(SECONDS)
        self._file.close()


def alive(pid: int) -> bool:
    """Runs, and is not merely waiting for its parent to notice its end."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str], Run]]:
    started: list[Run] = []

    def start(scene: str) -> Run:
        started.append(Run(scene, tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_the_address_is_printed_once_every_part_answers(run: Callable[[str], Run]) -> None:
    play = run("two parts")
    play.until_said("open http://127.0.0.1:")
    assert "ready after" in play.said()
    assert "web     | " in play.said()
    assert (play.folder / "log" / "web.log").is_file()


def test_a_part_follows_the_one_it_needs(run: Callable[[str], Run]) -> None:
    play = run("two parts")
    play.until_said("open http://")
    said = play.said()
    assert said.index("web is up") < said.index("worker is up")


def test_a_killed_part_is_named_and_started_again(run: Callable[[str], Run]) -> None:
    play = run("two parts")
    play.until_said("open http://")
    os.kill(play.pids("worker")[0], signal.SIGKILL)
    play.until(lambda: len(play.pids("worker")) == 2)
    assert "worker was ended by SIGKILL. Starting it again in" in play.said()
    assert len(play.pids("web")) == 1


def test_what_needs_a_restarted_part_is_started_again_too(run: Callable[[str], Run]) -> None:
    play = run("two parts")
    play.until_said("open http://")
    os.kill(play.pids("web")[0], signal.SIGKILL)
    play.until(lambda: len(play.pids("worker")) == 2)
    assert "worker was ended" not in play.said()


def test_a_part_that_hangs_is_ended_and_started_again(run: Callable[[str], Run]) -> None:
    play = run("two parts")
    play.until_said("open http://")
    os.kill(play.pids("web")[0], signal.SIGSTOP)
    play.until(lambda: len(play.pids("web")) == 2)
    assert "web does not answer any more; ending it." in play.said()


def test_a_part_that_keeps_dying_is_given_up_with_its_last_words(
    run: Callable[[str], Run],
) -> None:
    play = run("dies")
    assert play.ends() == 1
    said = play.said()
    assert said.count("dies ended with status 3. Starting it again") == 2
    assert "dies ended 3 times within" in said
    assert "dies: no such größe" in said
    assert "log/dies.log" in said


def test_a_part_given_up_later_leaves_the_others_running(run: Callable[[str], Run]) -> None:
    play = run("two parts")
    play.until_said("open http://")
    for death in range(3):
        play.until(lambda death=death: len(play.pids("worker")) == death + 1)
        os.kill(play.pids("worker")[-1], signal.SIGKILL)
    play.until_said("worker ended 3 times")
    assert alive(play.pids("web")[0])
    play.process.send_signal(signal.SIGINT)
    assert play.ends() == 1


def test_a_program_that_is_not_there_is_a_clear_message(run: Callable[[str], Run]) -> None:
    play = run("no such program")
    assert play.ends() == 1
    assert "could not be started: No such file or directory: /no/such/program" in play.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_process_grandchildren_too(
    run: Callable[[str], Run], number: signal.Signals
) -> None:
    play = run("grandchildren")
    play.until_said("open http://")
    play.process.send_signal(number)
    assert play.ends() == 0
    assert len(play.all_pids()) == 3
    assert not [pid for pid in play.all_pids() if alive(pid)]


def test_kill_9_of_the_supervisor_leaves_no_process(run: Callable[[str], Run]) -> None:
    play = run("grandchildren")
    play.until_said("open http://")
    play.process.kill()
    play.ends()
    play.until(lambda: not [pid for pid in play.all_pids() if alive(pid)])
    assert len(play.all_pids()) == 3


def test_a_part_that_is_slow_to_start_is_waited_for_aloud(run: Callable[[str], Run]) -> None:
    play = run("slow")
    play.until_said("waiting for slow (2 s)")
    play.until_said("open http://")


def test_a_part_that_is_never_ready_is_given_up(run: Callable[[str], Run]) -> None:
    play = run("never ready")
    assert play.ends() == 1
    assert "deaf was not ready after 1 s; ending it." in play.said()
