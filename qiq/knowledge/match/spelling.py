"""Mends single typing errors in words that error messages use.

"The conection to the server was interupted" should still be found. Words are only changed into
words of known messages, and only a whole sentence found that way counts (see ``matcher``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z']{4,20}")
_MAX_WORDS = 600


class Speller:
    """Corrects words towards a vocabulary, one edit at most; linear in the length of the text."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if len(w) >= 5)
        self._near: dict[str, str] = {}
        for word in sorted(self._words):
            for short in _shortened(word):
                self._near.setdefault(short, word)

    def mend(self, text: str) -> str | None:
        """``text`` with typing errors mended; None when there was nothing to mend."""
        changed = False
        parts: list[str] = []
        last = 0
        for count, match in enumerate(_WORD.finditer(text)):
            if count >= _MAX_WORDS:
                break
            better = self._correct(match.group().lower())
            if better:
                changed = True
                parts += [text[last : match.start()], better]
                last = match.end()
        return "".join([*parts, text[last:]]) if changed else None

    def _correct(self, word: str) -> str | None:
        if word in self._words:
            return None
        for short in _shortened(word):
            found = self._near.get(short)
            if found and abs(len(found) - len(word)) <= 1 and found[0] == word[0]:
                return found
        return None


def _shortened(word: str) -> list[str]:
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]
