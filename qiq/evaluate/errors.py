"""How many messages that quote an error get that error named. Measured only, never trained on.

``python -m qiq.evaluate.errors [FILE]`` prints the figures.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from qiq.evaluate.dataset import DatasetError, Row, find, load
from qiq.knowledge import Knowledge
from qiq.knowledge import load as load_knowledge

PASTE_BYTES = 10_000


@dataclass(frozen=True)
class ErrorFigures:
    """``bearing`` messages quote an error by their labels: ``named`` of them got an entry.

    ``admitted`` of the rest got at least an unknown error. ``others`` quote none by their labels;
    ``extra`` of them got an entry (often rightly: labels are incomplete). ``paste_ms`` is the
    median for one paste of 10 kB.
    """

    bearing: int
    named: int
    admitted: int
    others: int
    extra: int
    paste_ms: float

    @property
    def share(self) -> float:
        """Share of the error-bearing messages whose error is named, 0 to 1."""
        return self.named / self.bearing if self.bearing else 0.0

    def lines(self) -> list[str]:
        """The figures in words."""
        return [
            f"errors named         {self.named}/{self.bearing} ({self.share:.1%})",
            f"unknown, admitted    {self.admitted}/{self.bearing - self.named}",
            f"named without label  {self.extra}/{self.others}",
            f"one paste of 10 kB   {self.paste_ms:.1f} ms of processor time (median)",
        ]


def measure(known: Knowledge, rows: Iterable[Row]) -> ErrorFigures:
    """Matches every row; a row bears an error when its labels hold an ``error_code``."""
    bearing = named = admitted = others = extra = 0
    for row in rows:
        hits = known.match_errors(row.text, row.intent)
        if any(kind == "error_code" for kind, _ in row.entities):
            bearing += 1
            named += bool(hits)
            admitted += bool(not hits and known.unknown_errors(row.text))
        else:
            others += 1
            extra += bool(hits)
    return ErrorFigures(bearing, named, admitted, others, extra, paste_ms(known))


def paste_ms(known: Knowledge, runs: int = 15) -> float:
    """Median of ``runs``: ms of processor time for a paste of 10 kB full of different errors."""
    text = long_paste(known)
    known.match_errors(text)  # compiles the patterns, once per process
    return statistics.median(_timed(known, text) for _ in range(runs))


def long_paste(known: Knowledge) -> str:
    """A log-like text of 10 kB: ordinary lines with an example of an error here and there."""
    examples = [entry.examples[0] for entry in known.errors.entries.values()]
    lines: list[str] = []
    for number, example in enumerate(examples[::7] * 3):
        lines.append(f"2026-11-23 10:{number % 60:02d}:07 mail[{4000 + number}]: message queued")
        lines.append(example)
    return "\n".join(lines)[:PASTE_BYTES]


def _timed(known: Knowledge, text: str) -> float:
    started = time.thread_time()  # processor time: other work on the machine counts less
    known.match_errors(text)
    return (time.thread_time() - started) * 1000


def main(argv: list[str]) -> int:
    """Prints the figures; status 2 when the file is missing or wrong."""
    try:
        rows = load(find(argv[0] if argv else None))
    except DatasetError as err:
        print(err, file=sys.stderr)
        return 2
    print("\n".join(measure(load_knowledge(), rows).lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
