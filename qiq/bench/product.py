"""Start, answers at 1 and 8 at once, and memory of the whole product.

Use: python -m qiq.bench.product [--rounds 60] [--model FILE] [--json]. Status 1 when something did
not answer. A model is trained first when none is given and something it is made from has changed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qiq.bench import processes
from qiq.bench.stack import StackFailed, ask, running
from qiq.cli import _project
from qiq.training import TrainingFailed, train

# Turns that no connection is made for: what is timed is the bot, not the checks.
TEXTS = ("hello", "what do you support?", "thank you", "can you help me?")
FEWEST = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m qiq.bench.product", description=__doc__)
    parser.add_argument("--rounds", type=_rounds, default=60, help="messages for each figure")
    parser.add_argument("--model", type=Path, help="a trained model; default: this clone's own")
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    given = parser.parse_args()
    root = _project.root()
    try:
        chosen = given.model or train(root, _project.rasa_python(root), progress=_project.say)
        with TemporaryDirectory(prefix="qiq-bench-") as folder:
            found = _measure(root, chosen.absolute(), Path(folder) / "lines.log", given.rounds)
    except (StackFailed, TrainingFailed) as error:
        print(f"qiq bench: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(found))
    else:
        print(*(f"{name:32} {value}" for name, value in found.items()), sep="\n")
    return 0


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) < FEWEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {FEWEST}")
    return int(text)


def _measure(root: Path, model: Path, lines: Path, rounds: int) -> dict[str, Any]:
    with running(root, model, lines) as (url, pid, start):
        spent = processes.by_part(pid)
        found: dict[str, Any] = {"first answer after s": round(start, 1)}
        # What the start costs whatever else the machine does: seconds of one core.
        found |= {f"start, {name}, core s": round(spent[name].seconds, 1) for name in spent}
        found["start in all, core s"] = round(sum(use.seconds for use in spent.values()), 1)
        for at_once in (1, 8):
            found |= _answers(url, rounds, at_once)
        used = processes.by_part(pid)
        found |= {f"memory of {name} MB": used[name].megabytes for name in sorted(used)}
        found["memory in all MB"] = sum(use.megabytes for use in used.values())
    return found


def _answers(url: str, rounds: int, at_once: int) -> dict[str, Any]:
    """Each message from a visitor of its own, so that no talk gets long and no limit is met."""
    jobs = [(f"bench-{at_once}-{n}", TEXTS[n % len(TEXTS)]) for n in range(rounds)]
    with ThreadPoolExecutor(at_once) as pool:
        times = list(pool.map(lambda job: ask(url, *job) * 1000, jobs))
    cuts = statistics.quantiles(times, n=20)
    return {
        f"{at_once} at once, p50 ms": round(statistics.median(times), 1),
        f"{at_once} at once, p95 ms": round(cuts[18], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
