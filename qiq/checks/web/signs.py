"""What a page's text gives away; the patterns are data (``knowledge/page_signs.yml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from qiq.checks.errors import printable

FILE = Path(__file__).parents[3] / "knowledge" / "page_signs.yml"
LOOKED_AT = 65_536


@dataclass(frozen=True)
class Sign:
    """``kind`` is a group of the file, ``name`` the sign, ``text`` what matched."""

    kind: str
    name: str
    text: str
    version: str = ""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    return tuple(
        (kind, entry["name"], re.compile(entry["pattern"], re.IGNORECASE))
        for kind, entries in data.items()
        for entry in entries
    )


def trouble(body: str) -> Sign | None:
    """The first sign that something is wrong; None for an ordinary page."""
    return next((sign for sign in _found(body) if sign.kind != "cms"), None)


def cms(body: str) -> Sign | None:
    """The program that made the page, with its version where the page says it."""
    return next((sign for sign in _found(body) if sign.kind == "cms"), None)


def _found(body: str):  # type: ignore[no-untyped-def]
    text = body[:LOOKED_AT]
    for kind, name, pattern in _patterns():
        match = pattern.search(text)
        if match:
            version = match[1] if kind == "cms" and match.lastindex and match[1] else ""
            yield Sign(kind, name, printable(re.sub(r"<[^>]*>", "", match[0])), version)
