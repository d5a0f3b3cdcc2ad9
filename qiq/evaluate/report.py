"""The printed report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qiq.evaluate.dataset import Row
from qiq.evaluate.metrics import IntentFigures, Parsed, right

WORST = 20


def intents(figures: Sequence[IntentFigures]) -> str:
    """A table an intent: precision, recall, F1, messages."""
    lines = [f"{'intent':<24}{'precision':>10}{'recall':>8}{'F1':>7}{'n':>6}"]
    for row in figures:
        lines.append(
            f"{row.intent:<24}{row.precision:>10.3f}{row.recall:>8.3f}{row.f1:>7.3f}{row.support:>6}"
        )
    return "\n".join(lines)


def sections(figures: Mapping[str, tuple[float, int]]) -> str:
    """A table a section of the taxonomy."""
    lines = [f"{'section':<24}{'accuracy':>10}{'n':>6}"]
    lines += [f"{name:<24}{share:>10.3f}{n:>6}" for name, (share, n) in figures.items()]
    return "\n".join(lines)


def figures(values: Mapping[str, float]) -> str:
    """Name and value of each single figure."""
    return "\n".join(f"{name:<34}{value:>10.3f}" for name, value in values.items())


def misses(rows: Sequence[Row], parsed: Sequence[Parsed]) -> str:
    """The twenty misses the bot was surest of, by id: the texts belong to their authors."""
    wrong = [(p, r) for r, p in zip(rows, parsed, strict=False) if not right(r, p)]
    wrong.sort(key=lambda pair: -pair[0].confidence)
    lines = [f"{'id':<14}{'label':<24}{'understood':<24}{'confidence':>10}"]
    for found, row in wrong[:WORST]:
        lines.append(f"{row.id:<14}{row.intent:<24}{found.intent:<24}{found.confidence:>10.3f}")
    return "\n".join(lines)
