"""Intents by group, from ``groups.yml``: what a broad question can be asked about."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parent / "groups.yml"


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[str, ...]]:
    """Return group -> intents, in the order of the file."""
    raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))["groups"]
    return {group: tuple(intents) for group, intents in raw.items()}


@lru_cache(maxsize=1)
def of_intent() -> dict[str, str]:
    """Return intent -> group."""
    return {intent: group for group, intents in table().items() for intent in intents}


@lru_cache(maxsize=1)
def urgency() -> tuple[str, ...]:
    """Return the complaint intents, the most urgent first."""
    return tuple(yaml.safe_load(PATH.read_text(encoding="utf-8"))["urgency"])


@lru_cache(maxsize=1)
def kin() -> tuple[frozenset[str], ...]:
    """Return the sets of intents that are facets of one trouble."""
    raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))["kin"]
    return tuple(frozenset(intents) for intents in raw)


def sums(scores: dict[str, float]) -> list[dict[str, Any]]:
    """Return ``[{"name", "confidence", "best"}]``, the likeliest group first.

    ``best`` is the likeliest intent of the group: what a button of that group stands for.
    """
    rows: list[dict[str, Any]] = []
    for group, intents in table().items():
        present = {intent: scores[intent] for intent in intents if intent in scores}
        if present:
            best = max(present, key=lambda intent: present[intent])
            rows.append({"name": group, "confidence": sum(present.values()), "best": best})
    return sorted(rows, key=lambda row: -row["confidence"])
