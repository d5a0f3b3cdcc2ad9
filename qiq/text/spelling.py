"""Put typing errors right before a message is understood: one slip a word, missing spaces.

Words that are known stay as they are; an unknown one becomes the known word one slip away, the
more usual where several are; a longer unknown one may be two known words without a space between.
Only the reading of a message is corrected, never what is stored or shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = re.compile(r"(?<![\w@./\\:_-])[A-Za-z]{4,24}(?![\w@/\\:_-]|\.\w)")
_LEAST = 4
_LEAST_SPLIT = 5
_SHORT = frozenset(
    [
        "a",
        "i",
        "is",
        "in",
        "it",
        "on",
        "to",
        "my",
        "of",
        "at",
        "no",
        "an",
        "be",
        "do",
        "go",
        "he",
        "if",
        "me",
        "or",
        "so",
        "us",
        "we",
        "up",
        "by",
        "as",
        "am",
    ]
)


class Speller:
    """``ranks`` maps a known word to its rank, 0 the most usual."""

    def __init__(self, ranks: Mapping[str, int]) -> None:
        self._ranks = dict(ranks)
        self._deletes = _deletes(word for word in self._ranks if len(word) >= _LEAST)
        self._fix = lru_cache(maxsize=20_000)(self._fixed)

    def correct(self, text: str) -> str:
        """Return the text with unknown words put right where that is plain."""
        return _WORD.sub(lambda match: self._fix(match.group().lower()) or match.group(), text)

    def _fixed(self, word: str) -> str | None:
        """The correction of an unknown word, or None."""
        if word in self._ranks:
            return None
        near = self._one_slip_away(word)
        split = self._split(word) if len(word) >= _LEAST_SPLIT else None
        if near and split:
            return near if self._ranks[near] <= split[0] else split[1]
        return near or (split[1] if split else None)

    def _one_slip_away(self, word: str) -> str | None:
        found: set[str] = set(self._deletes.get(word, ()))
        for shorter in {word[:i] + word[i + 1 :] for i in range(len(word))}:
            if shorter in self._ranks and len(shorter) >= _LEAST:
                found.add(shorter)
            found.update(w for w in self._deletes.get(shorter, ()) if abs(len(w) - len(word)) <= 1)
        close = [other for other in found if one_slip(word, other)]
        return min(close, key=lambda w: (w[0] != word[0], self._ranks[w]), default=None)

    def _split(self, word: str) -> tuple[int, str] | None:
        """Two known words; the rarer one's rank and both with a space."""
        best: tuple[int, str] | None = None
        for i in range(1, len(word)):
            left, right = word[:i], word[i:]
            if not (self._stands(left) and self._stands(right)):
                continue
            rank = max(self._ranks[left], self._ranks[right])
            if best is None or rank < best[0]:
                best = (rank, f"{left} {right}")
        return best

    def _stands(self, part: str) -> bool:
        return part in self._ranks and (len(part) > 2 or part in _SHORT)


def _deletes(words: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for word in words:
        for shorter in {word[:i] + word[i + 1 :] for i in range(len(word))}:
            table.setdefault(shorter, []).append(word)
    return table


def one_slip(a: str, b: str) -> bool:
    """True when one letter is missing, extra, other, or two neighbours are swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    x, y = a[start:], b[start:]
    return x[1:] == y[1:] or x[1:] == y or x == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])
