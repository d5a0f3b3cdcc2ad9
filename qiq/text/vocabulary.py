"""The names of ``knowledge/aliases/*.yml``, ready to be looked up in a text.

A file has a ``type`` and ``entries: {id: {names: […], exact: […]}}``. ``names`` match in any case,
and a space or hyphen in them matches a space, a hyphen or nothing; ``exact`` match as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

ALIASES = Path(__file__).resolve().parents[2] / "knowledge" / "aliases"

_LOOSE = re.compile(r"[\s\-]+")
_EDGES = re.compile(r"^\W+|\W+$")


class VocabularyError(Exception):
    """An alias file is malformed; the message names file, entry and the fix."""


@dataclass(frozen=True)
class Name:
    """What a matched name stands for: an entity ``type`` and an ``id`` of ``knowledge/``."""

    type: str
    id: str


@dataclass(frozen=True, eq=False)  # compared and hashed by identity: it is a key of caches
class Vocabulary:
    """Look-up tables: by loose key, as written, and by first letter what near misses may mean."""

    loose: dict[str, tuple[Name, ...]]
    exact: dict[str, tuple[Name, ...]]
    near: dict[str, tuple[tuple[str, tuple[Name, ...]], ...]]
    ordinary: frozenset[str]


def key(written: str) -> str:
    """Return the loose form of a name: lower case, no spaces or hyphens, no outer punctuation."""
    return _LOOSE.sub("", _EDGES.sub("", written.lower().replace("’", "'")))


@lru_cache(maxsize=4)
def load(folder: Path = ALIASES) -> Vocabulary:
    """Read every alias file. Raises VocabularyError."""
    loose: dict[str, list[Name]] = {}
    exact: dict[str, list[Name]] = {}
    near: dict[str, list[Name]] = {}
    for kind, names, exacts in _entries(folder):
        for written in names:
            _add(loose, key(written), kind)
            if _may_be_misspelt(written):
                _add(near, written.lower(), kind)
        for written in exacts:
            _add(exact, written, kind)
    return Vocabulary(_frozen(loose), _frozen(exact), _by_letter(near), _ordinary_words())


def _entries(folder: Path) -> Iterator[tuple[Name, list[str], list[str]]]:
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise VocabularyError(f"{folder} holds no alias files: restore it from the repository.")
    for path in paths:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry, value in _mapping(raw, path).items():
            lists = [[str(n) for n in (value or {}).get(part) or []] for part in ("names", "exact")]
            if not any(lists):
                raise VocabularyError(f"{path}: entry '{entry}' has no names: list some.")
            yield Name(raw["type"], str(entry)), lists[0], lists[1]


def _mapping(raw: Any, path: Path) -> dict[str, Any]:
    if not isinstance(raw, dict) or not isinstance(raw.get("entries"), dict) or "type" not in raw:
        raise VocabularyError(f"{path}: needs `type:` and `entries:`, found neither or not both.")
    entries: dict[str, Any] = raw["entries"]
    return entries


def _add(table: dict[str, list[Name]], written: str, name: Name) -> None:
    names = table.setdefault(written, [])
    if written and name not in names:
        names.append(name)


def _may_be_misspelt(written: str) -> bool:
    """Only single words of some length: a near miss of a short one is another word."""
    return written.isalpha() and len(written) >= 6


def _frozen(table: dict[str, list[Name]]) -> dict[str, tuple[Name, ...]]:
    return {written: tuple(names) for written, names in table.items()}


def _by_letter(
    table: dict[str, list[Name]],
) -> dict[str, tuple[tuple[str, tuple[Name, ...]], ...]]:
    letters = {written[0] for written in table}
    return {
        letter: tuple((w, tuple(names)) for w, names in table.items() if w[0] == letter)
        for letter in letters
    }


def _ordinary_words() -> frozenset[str]:
    text = (Path(__file__).parent / "ordinary_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() for word in line.split("#")[0].split())
