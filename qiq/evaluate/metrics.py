"""The figures, as pure functions of rows and what was understood of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qiq.evaluate.dataset import Row


@dataclass(frozen=True)
class Found:
    """An entity that was found: its type and where."""

    type: str
    start: int
    end: int


@dataclass(frozen=True)
class Parsed:
    """What was understood of one message; ``ms`` on the clock, ``cpu_ms`` of processor time."""

    intent: str
    confidence: float
    entities: tuple[Found, ...] = ()
    ms: float = 0.0
    cpu_ms: float = 0.0


@dataclass(frozen=True)
class IntentFigures:
    """Precision, recall and F1 of one intent; ``support`` is how many messages have it."""

    intent: str
    precision: float
    recall: float
    f1: float
    support: int


def right(row: Row, parsed: Parsed) -> bool:
    """True when the intent is one of those counted as right."""
    return parsed.intent in row.accept


def accuracy(rows: Sequence[Row], parsed: Sequence[Parsed]) -> float:
    """Share of messages understood rightly."""
    return sum(map(right, rows, parsed)) / len(rows)


def by_section(
    rows: Sequence[Row], parsed: Sequence[Parsed], section: Mapping[str, str]
) -> dict[str, tuple[float, int]]:
    """Return section of the labelled intent -> (accuracy, messages)."""
    results: dict[str, list[bool]] = defaultdict(list)
    for row, found in zip(rows, parsed, strict=False):
        results[section.get(row.intent, "other")].append(right(row, found))
    return {name: (sum(oks) / len(oks), len(oks)) for name, oks in sorted(results.items())}


def group_accuracy(
    rows: Sequence[Row], parsed: Sequence[Parsed], group: Mapping[str, str]
) -> float:
    """Share of messages whose intent is at least in a group counted as right."""
    hits = [
        group.get(found.intent, "other") in {group.get(name, "other") for name in row.accept}
        for row, found in zip(rows, parsed, strict=False)
    ]
    return sum(hits) / len(hits)


def taken_for_complaint(
    rows: Sequence[Row], parsed: Sequence[Parsed], group: Mapping[str, str]
) -> float:
    """Share of the out-of-scope messages that were given a complaint's intent."""
    outside = [p for r, p in zip(rows, parsed, strict=False) if r.intent == "out_of_scope"]
    wrong = [p for p in outside if group.get(p.intent, "other") != "other"]
    return len(wrong) / max(len(outside), 1)


def calibration_error(rows: Sequence[Row], parsed: Sequence[Parsed], bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from the share that is right."""
    cells: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row, found in zip(rows, parsed, strict=False):
        cells[min(int(found.confidence * bins), bins - 1)].append(
            (found.confidence, right(row, found))
        )
    gap = 0.0
    for cell in cells.values():
        mean = sum(confidence for confidence, _ in cell) / len(cell)
        share = sum(ok for _, ok in cell) / len(cell)
        gap += len(cell) / len(rows) * abs(mean - share)
    return gap


def per_intent(rows: Sequence[Row], parsed: Sequence[Parsed]) -> list[IntentFigures]:
    """Precision, recall, F1 an intent. A listed alternative counts as the label itself."""
    said = [
        found.intent if right(row, found) else None
        for row, found in zip(rows, parsed, strict=False)
    ]
    true = [hit or row.intent for hit, row in zip(said, rows, strict=False)]
    given = Counter(found.intent for found in parsed)
    support = Counter(true)
    hits = Counter(hit for hit in said if hit)
    return [
        _figures(intent, hits[intent], given[intent], support[intent]) for intent in sorted(support)
    ]


def _figures(intent: str, hits: int, given: int, support: int) -> IntentFigures:
    precision = hits / given if given else 0.0
    recall = hits / support
    both = precision + recall
    return IntentFigures(
        intent, precision, recall, 2 * precision * recall / both if both else 0.0, support
    )


def confusion(rows: Sequence[Row], parsed: Sequence[Parsed]) -> Counter[tuple[str, str]]:
    """Count (label, understood); a listed alternative counts as the label."""
    return Counter(
        (found.intent if right(row, found) else row.intent, found.intent)
        for row, found in zip(rows, parsed, strict=False)
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
