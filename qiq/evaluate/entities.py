"""How many labelled entities are found, and how many finds are false.

Labels of real messages are incomplete, so a find without a label proves nothing there: the false
ones are counted on ``tests/nlu/entities.yml``, messages of our own that are labelled whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qiq.evaluate.dataset import Row
from qiq.evaluate.metrics import Found, Parsed

SAME = {
    "plugin": {"app"},
    "app": {"app", "client", "domain", "protocol"},  # "Outlook" the web mail, "gmail" in gmail.com
    "client": {"client", "app"},  # FileZilla is labelled a client
    "os": {"os", "client"},  # "Android" inside "K-9 on Android"
    "browser": {"browser", "vendor"},
}
"""Types of ours that answer a label's type, where the two name things differently."""


@dataclass(frozen=True)
class EntityFigures:
    """``found`` share of the labels, ``false`` share of the finds, and how many of each."""

    found: float
    labels: int
    false: float
    finds: int


def labelled_found(rows: Sequence[Row], parsed: Sequence[Parsed]) -> tuple[int, int]:
    """Return (found, labels): a label is found when a find of an answering type overlaps it."""
    found = labels = 0
    for row, result in zip(rows, parsed, strict=False):
        for kind, written in row.entities:
            labels += 1
            found += any(_answers(kind, written, row.text, entity) for entity in result.entities)
    return found, labels


def false_finds(rows: Sequence[Row], parsed: Sequence[Parsed]) -> tuple[int, int]:
    """Return (false, finds) of rows labelled whole: a find that answers no label is false."""
    false = finds = 0
    for row, result in zip(rows, parsed, strict=False):
        for entity in result.entities:
            finds += 1
            false += not any(
                _answers(kind, written, row.text, entity) for kind, written in row.entities
            )
    return false, finds


def _answers(kind: str, written: str, text: str, entity: Found) -> bool:
    """True when the find overlaps any place where the label is written, in an answering type."""
    if entity.type not in SAME.get(kind, {kind}):
        return False
    low, sought = text.lower(), written.lower()
    start = low.find(sought)
    while start >= 0:
        if entity.start < start + len(sought) and start < entity.end:
            return True
        start = low.find(sought, start + 1)
    return False
