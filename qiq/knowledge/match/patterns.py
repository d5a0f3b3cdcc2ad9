"""The patterns of all entries, prepared so that most are ruled out without running them.

A pattern is only run near one of its fixed fragments: searching a long paste several hundred times
without regard to case is what would cost the time.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qiq.knowledge.match.literals import analyse, bounded
from qiq.knowledge.match.paste import Paste

_APOSTROPHE = re.compile(r"(?<=[a-z])\.(?=(?:t|re|s|ve)\b)")
_ANCHOR = re.compile(r"(?<![\\\[])[\^$]")
_ASCII_LOWER = {ord(c): c.lower() for c in string.ascii_uppercase}
_MAX_PLACES = 40


@dataclass(frozen=True)
class Pattern:
    """One expression of one entry. ``said_by`` is empty or who must have said it."""

    entry: str
    source: str
    said_by: str
    fragments: tuple[str, ...]
    by_line: bool
    reach: int

    def may_be_in(self, lowered: Lowered) -> bool:
        """Whether one of its fragments is there at all: most patterns are ruled out by this."""
        low = lowered.lines if self.by_line else lowered.joined
        return any(fragment in low for fragment in self.fragments)

    def find_all(self, paste: Paste, lowered: Lowered) -> Iterator[re.Match[str]]:
        """Every match, found near the pattern's fragments; at most forty places are looked at."""
        text, low = (paste.lines, lowered.lines) if self.by_line else (paste.joined, lowered.joined)
        done = 0
        for place in self._places(low):
            start, end = max(done, place - self.reach), place + 2 * self.reach
            for match in _compiled(self.source).finditer(text, start, end):
                done = match.end()
                yield match

    def _places(self, low: str) -> list[int]:
        found: list[int] = []
        for fragment in self.fragments:
            place = low.find(fragment)
            while place >= 0 and len(found) < _MAX_PLACES:
                found.append(place)
                place = low.find(fragment, place + self.reach)
        return sorted(found)


@dataclass(frozen=True)
class Lowered:
    """Both texts of a paste in lower case, of the same length as the texts themselves."""

    lines: str
    joined: str

    @classmethod
    def of(cls, paste: Paste) -> Lowered:
        return cls(_lower(paste.lines), _lower(paste.joined))


def _lower(text: str) -> str:
    """Lower case of the same length: a few letters such as İ grow when Python lowers them."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_ASCII_LOWER)


@lru_cache(maxsize=4096)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.MULTILINE)


def prepare(entry: str, source: str, said_by: str = "") -> Pattern:
    """Bounds a pattern, allows a forgotten apostrophe, and finds its fragments.

    Raises ``re.error`` when it is not a regular expression.
    """
    relaxed = _APOSTROPHE.sub(".?", bounded(source)).replace("can.?t", "can(?:.?t|not)")
    found, reach = analyse(relaxed)
    return Pattern(entry, relaxed, said_by, found, bool(_ANCHOR.search(relaxed)), reach)
