"""What a page's text gives away; the patterns are data (``knowledge/page_signs.yml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from qiq.checks.errors import printable
from qiq.checks.web import html

FILE = Path(__file__).parents[3] / "knowledge" / "page_signs.yml"
LOOKED_AT = 65_536
VERSION_WITHIN = 60


@dataclass(frozen=True)
class Sign:
    """``kind`` is a group of the file, ``name`` the sign, ``text`` what matched."""

    kind: str
    name: str
    text: str
    version: str = ""


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, list[dict[str, str]]]:
    entries: Mapping[str, list[dict[str, str]]] = yaml.safe_load(FILE.read_text("utf-8"))
    return entries


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (kind, entry["name"], re.compile(entry["pattern"], re.IGNORECASE))
        for kind, entries in _entries().items()
        for entry in entries
        if "pattern" in entry
    )


def trouble(body: str) -> Sign | None:
    """The first sign that something is wrong; None for an ordinary page."""
    return next((sign for sign in _found(body) if sign.kind != "cms"), None)


def cms(body: str) -> Sign | None:
    """The program that made the page, with its version where the page says it."""
    return _generator(body) or next((sign for sign in _found(body) if sign.kind == "cms"), None)


def _generator(body: str) -> Sign | None:
    for tag in html.tags(body[:LOOKED_AT], "meta"):
        if tag.attributes.get("name", "").lower() != "generator":
            continue
        made = tag.attributes.get("content", "")
        for entry in _entries()["cms"]:
            begin = entry.get("generator", "")
            if begin and made.lower().startswith(begin):
                version = re.search(r"\d[\d.]*", made[:VERSION_WITHIN])
                return Sign("cms", entry["name"], printable(made), version[0] if version else "")
    return None


def _found(body: str) -> Iterator[Sign]:
    text = body[:LOOKED_AT]
    for kind, name, pattern in _patterns():
        match = pattern.search(text)
        if match:
            yield Sign(kind, name, printable(html.unmarked(match[0])))
