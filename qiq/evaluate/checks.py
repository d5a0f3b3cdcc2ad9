"""Verdicts against a lab whose faults are known: what came out, and what should have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

VERDICTS = (
    "host_fault", "account", "dns", "third_party", "all_clear", "inconclusive", "not_hosted",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One scenario or near-miss, looked at. ``may`` are further verdicts that are right."""

    name: str
    expected: str
    cause: str | None
    may: tuple[str, ...]
    got: str
    got_cause: str
    ms: int
    slowest_ms: int
    lab: str = "embedded"

    @property
    def right(self) -> bool:
        """The verdict must be the expected or an allowed one; the cause must fit the first."""
        if self.got != self.expected:
            return self.got in self.may
        return self.cause is None or self.cause == self.got_cause or bool(self.may)

    @property
    def exact(self) -> bool:
        return self.got == self.expected and self.cause in (None, self.got_cause)

    @property
    def blamed_the_customer(self) -> bool:
        """The worst error: a fault of the host given to somebody else, or called fine."""
        sent_away = ("account", "dns", "third_party", "all_clear")
        return self.expected == "host_fault" and self.got in sent_away and not self.right

    @property
    def promised_too_much(self) -> bool:
        """The second worst: a repair promised for what the host cannot repair."""
        return self.expected != "host_fault" and self.got == "host_fault" and not self.right


@dataclass(frozen=True)
class Accuracy:
    """All outcomes of one evaluation."""

    outcomes: tuple[Outcome, ...]

    @property
    def wrong(self) -> list[Outcome]:
        return [one for one in self.outcomes if not one.right]

    def summary(self) -> str:
        right = len(self.outcomes) - len(self.wrong)
        blamed = sum(one.blamed_the_customer for one in self.outcomes)
        promised = sum(one.promised_too_much for one in self.outcomes)
        exact = sum(one.exact for one in self.outcomes)
        return (
            f"{right} of {len(self.outcomes)} verdicts right ({exact} with the very cause); "
            f"host faults given to the customer: {blamed}; repairs promised in vain: {promised}"
        )

    def matrix(self) -> str:
        """Expected (rows) against given (columns)."""
        counts = Counter((one.expected, one.got) for one in self.outcomes)
        rows = [["expected \\ given", *VERDICTS]]
        rows += [[e, *(str(counts[e, g] or "·") for g in VERDICTS)] for e in VERDICTS]
        return table(rows)

    def mistakes(self) -> str:
        lines = [
            f"{one.lab} {one.name}: expected {one.expected} {one.cause or ''}"
            f"{' or ' + ', '.join(one.may) if one.may else ''}, got {one.got} {one.got_cause}"
            for one in self.wrong
        ]
        return "\n".join(lines) or "none"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that also reads well as plain text."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def page(accuracy: Accuracy) -> str:
    """``docs/accuracy.md``."""
    parts = [
        "# Accuracy of the verdicts",
        "Written by `make evaluate-checks`: every fault scenario of the lab and its near-miss "
        "(something alike that must not give the same verdict), each checked by the real checks "
        "over real connections.",
        accuracy.summary() + ".",
        "## Confusion matrix",
        accuracy.matrix(),
        "Off the diagonal and still right are verdicts that a scenario lists under `may`.",
        "## Wrong",
        accuracy.mistakes(),
        "## Time",
        times(accuracy.outcomes),
    ]
    return "\n\n".join(parts) + "\n"


def times(outcomes: Iterable[Outcome]) -> str:
    """Wall time of the batteries, in milliseconds."""
    ms = sorted(one.ms for one in outcomes)
    if not ms:
        return "nothing was run"
    at = {q: ms[min(len(ms) - 1, int(len(ms) * q))] for q in (0.5, 0.95)}
    return f"Battery: median {at[0.5]} ms, 95th percentile {at[0.95]} ms, longest {ms[-1]} ms."
