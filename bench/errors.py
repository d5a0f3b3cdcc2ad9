"""What finding the errors in one 10 kB paste costs, beside trying every pattern one by one.

Use: python -m bench.errors [--rounds 15] [--json]. Milliseconds of one core, medians; the two take
turns, so that a busy moment of the machine hits both alike. Status 1 when ours misses its goal.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from qiq.evaluate.errors import long_paste
from qiq.knowledge import Knowledge, load

GOAL_MS = 20.0


@dataclass(frozen=True)
class Figures:
    """``ours_ms`` finds all errors, told apart by who said them; ``one_by_one_ms`` only searches.

    ``short_ms`` is ours for a message of one sentence without any error.
    """

    patterns: int
    bytes: int
    ours_ms: float
    one_by_one_ms: float
    short_ms: float

    def lines(self) -> list[str]:
        times = self.one_by_one_ms / self.ours_ms
        return [
            f"one paste of {self.bytes} bytes, {self.patterns} patterns",
            f"  ours            {self.ours_ms:7.2f} ms (goal: under {GOAL_MS:.0f})",
            f"  one by one      {self.one_by_one_ms:7.2f} ms ({times:.1f} times ours)",
            f"a short message   {self.short_ms:7.2f} ms",
        ]


def measure(known: Knowledge, rounds: int) -> Figures:
    paste = long_paste(known)
    patterns = [re.compile(pattern.source) for pattern in known.errors.patterns]
    tasks: dict[str, Callable[[], object]] = {
        "ours": lambda: known.match_errors(paste),
        "one_by_one": lambda: [pattern.search(paste) for pattern in patterns],
        "short": lambda: known.match_errors("My e-mail has not worked since Monday, please help."),
    }
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for name in (*tasks, *list(tasks) * rounds):  # the first turn of each warms up
        times[name].append(_timed(tasks[name]))
    found = {name: statistics.median(ms[1:]) for name, ms in times.items()}
    return Figures(len(patterns), len(paste), found["ours"], found["one_by_one"], found["short"])


def _timed(task: Callable[[], object]) -> float:
    started = time.thread_time()
    task()
    return (time.thread_time() - started) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(load(), options.rounds)
    print(json.dumps(asdict(figures)) if options.json else "\n".join(figures.lines()))
    return 0 if figures.ours_ms < GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
