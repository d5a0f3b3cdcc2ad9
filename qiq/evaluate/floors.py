"""Floors and ceilings of the figures, from ``tests/floors.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml


class FloorsError(Exception):
    """The floors file names a figure that is not measured."""


def broken(path: Path, figures: Mapping[str, float]) -> list[str]:
    """Return a sentence for each figure beyond its limit; empty when all hold."""
    limits = yaml.safe_load(path.read_text(encoding="utf-8"))
    said: list[str] = []
    for side, word in (("at_least", "below"), ("at_most", "above")):
        for name, limit in (limits.get(side) or {}).items():
            if name not in figures:
                known = ", ".join(sorted(figures))
                raise FloorsError(f"{path}: {side}.{name} is not measured; measured are: {known}.")
            value = figures[name]
            if value < limit if side == "at_least" else value > limit:
                said.append(f"{name} is {value:.3f}, {word} the limit of {limit}")
    return said
