"""What a turn costs early and late in a talk: turn 200 beside turn 5, in milliseconds of one core.

Use: python -m bench.dialogue [--talks 10] [--model FILE] [--json]. The whole product is started
and talks over REST; what is summed is the processor time of all its parts, so other work on the
machine changes little. Status 1 when turn 200 costs more than 1.2 times turn 5.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qiq.bench import processes
from qiq.bench.stack import StackFailed, ask, running
from qiq.cli import _project
from qiq.training import TrainingFailed, train

GOAL = 1.2
EARLY, LATE = 5, 200
# Answered without checks and without end; one round of them is measured around each turn, so that
# both sums are of the same five messages.
TEXTS = ("hello", "what do you support?", "thank you", "are you a bot?", "what can you do?")
AROUND = len(TEXTS) // 2


def main() -> int:
    """Print the figures; the exit status says whether the goal was met."""
    parser = argparse.ArgumentParser(prog="python -m bench.dialogue", description=__doc__)
    parser.add_argument("--talks", type=int, default=10, help="talks that are held side by side")
    parser.add_argument("--model", type=Path, help="a trained model; default: this clone's own")
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    given = parser.parse_args()
    root = _project.root()
    try:
        model = given.model or train(root, _project.rasa_python(root), progress=_project.say)
        found = _measure(root, model.absolute(), given.talks)
    except (StackFailed, TrainingFailed) as error:
        print(f"qiq bench: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(found))
    else:
        print(*(f"{name:32} {value}" for name, value in found.items()), sep="\n")
    return 0 if found["turn 200 / turn 5"] <= GOAL else 1


def _measure(root: Path, model: Path, talks: int) -> dict[str, Any]:
    with (
        TemporaryDirectory(prefix="qiq-bench-") as folder,
        running(root, model, Path(folder) / "lines.log") as (url, pid, _),
    ):
        spent = [_turn(url, pid, turn, talks) for turn in range(1, LATE + AROUND + 1)]
    early, late = _around(spent, EARLY), _around(spent, LATE)
    return {
        f"turn {EARLY}, core ms": round(early * 1000 / talks, 1),
        f"turn {LATE}, core ms": round(late * 1000 / talks, 1),
        f"turn {LATE} / turn {EARLY}": round(late / early, 2),
    }


def _turn(url: str, pid: int, turn: int, talks: int) -> float:
    """Seconds of one core for this turn of every talk."""
    before = processes.spent(pid)
    for talk in range(talks):
        ask(url, f"dialogue-{talk}", TEXTS[turn % len(TEXTS)])
    return processes.spent(pid) - before


def _around(spent: Sequence[float], turn: int) -> float:
    """The mean of the turns around this one (numbered from 1)."""
    part = spent[turn - 1 - AROUND : turn + AROUND]
    return sum(part) / len(part)


if __name__ == "__main__":
    sys.exit(main())
