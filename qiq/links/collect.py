"""Every address in the knowledge files, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qiq.knowledge import Knowledge

_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]]+[^\s\"'<>()\[\].,;:]")


@dataclass(frozen=True)
class Link:
    """One address; ``places`` are ``file: entry, field`` where it is used."""

    url: str
    places: tuple[str, ...]


def collect(known: Knowledge, *, sources: bool = False) -> list[Link]:
    """Addresses customers are given, each once; with ``sources`` also where errors were read."""
    places: dict[str, list[str]] = {}
    for url, place in (*_doors(known), *(_sources(known) if sources else ())):
        places.setdefault(url, []).append(place)
    return [Link(url, tuple(where)) for url, where in places.items()]


def _doors(known: Knowledge) -> Iterator[tuple[str, str]]:
    for entry in known.referrals.values():
        for name in ("guide", "support", "forum", "contact"):
            if url := getattr(entry, name):
                yield url, f"referrals.yml: {entry.id}, {name}"
        for url in _ADDRESS.findall(entry.advice):
            yield url, f"referrals.yml: {entry.id}, advice"


def _sources(known: Knowledge) -> Iterator[tuple[str, str]]:
    for error in known.errors.entries.values():
        for source in error.sources:
            for url in _ADDRESS.findall(source):
                yield url, f"errors/{error.category}.yml: {error.id}, sources"
