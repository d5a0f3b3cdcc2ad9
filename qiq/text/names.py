"""Find programs, systems, services and vendors by the names people give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qiq.text.vocabulary import Name, Vocabulary, key

_WORD = re.compile(r"\w+")
_MOST_WORDS = 6
_GAP = re.compile(r"[ \t\n\-]{1,2}|[&.'’()]{1,2}| ?[&(] ?")


@dataclass(frozen=True)
class NameHit:
    """A name at ``start:end`` of the text; ``certain`` is False for a near miss in spelling."""

    start: int
    end: int
    names: tuple[Name, ...]
    certain: bool = True


def find(text: str, vocabulary: Vocabulary) -> list[NameHit]:
    """Return every name, overlapping ones too, in the order of the text."""
    words = list(_WORD.finditer(text))
    hits: list[NameHit] = []
    for i, first in enumerate(words):
        stretch = list(_stretches(text, words, i))
        found = [hit for end in stretch if (hit := _look_up(text, first.start(), end, vocabulary))]
        hits.extend(found)
        if not found and (near := _near(first.group(), vocabulary)):
            hits.append(NameHit(first.start(), first.end(), near, certain=False))
    return hits


def _stretches(text: str, words: list[re.Match[str]], i: int) -> Iterator[int]:
    """Ends of the one- to six-word stretches that begin at word ``i``."""
    for j in range(i, min(i + _MOST_WORDS, len(words))):
        if j > i and not _GAP.fullmatch(text[words[j - 1].end() : words[j].start()]):
            return
        yield words[j].end()


def _look_up(text: str, start: int, end: int, vocabulary: Vocabulary) -> NameHit | None:
    written = text[start:end]
    names = vocabulary.exact.get(written, ()) + vocabulary.loose.get(key(written), ())
    return NameHit(start, end, names) if names else None


@lru_cache(maxsize=20_000)  # the same ordinary words come again in every message
def _near(word: str, vocabulary: Vocabulary) -> tuple[Name, ...] | None:
    """Names one slip away (two, for names of ten letters and more) from a word of six or more."""
    lower = word.lower()
    if len(lower) < 6 or not lower.isalpha() or lower in vocabulary.ordinary:
        return None
    if _is_misspelt_ordinary(lower, vocabulary):
        return None
    best: tuple[int, tuple[Name, ...]] | None = None
    for name, meant in vocabulary.near.get(lower[0], ()):
        allowed = 2 if len(name) >= 10 else 1
        if abs(len(name) - len(lower)) > allowed or lower == name + "s":
            continue
        slips = distance(lower, name, allowed)
        if slips <= allowed and (best is None or slips < best[0]):
            best = (slips, meant)
    return best[1] if best else None


def _is_misspelt_ordinary(word: str, vocabulary: Vocabulary) -> bool:
    """True for "installtion": one slip from an ordinary word, so no name is meant."""
    near = (other for other in vocabulary.ordinary if other[0] == word[0] and len(other) > 8)
    return any(abs(len(other) - len(word)) <= 1 and distance(word, other, 1) <= 1 for other in near)


def distance(a: str, b: str, most: int) -> int:
    """Edits between two words, a swap of neighbours counting one; above ``most`` it stops early."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        new = [i]
        for j, other in enumerate(b, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (char != other))
            if i > 1 and j > 1 and char == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > most:
            return most + 1
        before, row = row, new
    return row[-1]
