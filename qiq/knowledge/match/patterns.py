"""The patterns of all entries, prepared so that most are ruled out without running them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qiq.knowledge.match.literals import bounded, fragments
from qiq.knowledge.match.paste import Paste

_APOSTROPHE = re.compile(r"(?<=[a-z])\.(?=(?:t|re|s|ve)\b)")
_ANCHOR = re.compile(r"(?<![\\\[])[\^$]")


@dataclass(frozen=True)
class Pattern:
    """One expression of one entry. ``said_by`` is empty or who must have said it."""

    entry: str
    source: str
    said_by: str
    fragments: tuple[str, ...]
    by_line: bool

    def may_match(self, lowered: str) -> bool:
        return not self.fragments or any(f in lowered for f in self.fragments)

    def find(self, paste: Paste) -> re.Match[str] | None:
        return _compiled(self.source).search(paste.lines if self.by_line else paste.joined)

    def find_all(self, paste: Paste) -> list[re.Match[str]]:
        text = paste.lines if self.by_line else paste.joined
        return [m for _, m in zip(range(20), _compiled(self.source).finditer(text))]  # noqa: B905


@lru_cache(maxsize=4096)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.MULTILINE)


def prepare(entry: str, source: str, said_by: str = "") -> Pattern:
    """Bounds a pattern, allows a forgotten apostrophe, and finds its fragments.

    Raises ``re.error`` when it is not a regular expression.
    """
    relaxed = _APOSTROPHE.sub(".?", bounded(source)).replace("can.?t", "can(?:.?t|not)")
    return Pattern(entry, relaxed, said_by, fragments(relaxed), bool(_ANCHOR.search(relaxed)))
