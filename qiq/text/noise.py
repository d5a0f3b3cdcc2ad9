"""Typing noise: seeded copies of texts with the slips people make. Used to train and to measure."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_NEIGHBOURS = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sfe", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe",
    "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


def edit(text: str, rng: random.Random) -> str:
    """One slip: a letter dropped, doubled, swapped with the next, or hit beside."""
    spots = [i for i, char in enumerate(text) if char.isalpha()]
    if len(spots) < 2:
        return text
    i = rng.choice(spots)
    char = text[i]
    kind = rng.randrange(4)
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + char + text[i:]
    if kind == 2 and i + 1 < len(text):
        return text[:i] + text[i + 1] + char + text[i + 2 :]
    return text[:i] + rng.choice(_NEIGHBOURS.get(char.lower(), char)) + text[i + 1 :]


def two_edits(text: str, rng: random.Random) -> str:
    """Two random slips."""
    return edit(edit(text, rng), rng)


def drop_spaces(text: str, rng: random.Random, share: float = 0.15) -> str:
    """Some spaces missing, at least one."""
    spots = [i for i, char in enumerate(text) if char == " "]
    if not spots:
        return text
    gone = set(rng.sample(spots, max(1, round(len(spots) * share))))
    return "".join(char for i, char in enumerate(text) if i not in gone)


def all_caps(text: str, rng: random.Random) -> str:
    """The caps-lock key left on."""
    return text.upper()


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "two edits": two_edits,
    "dropped spaces": drop_spaces,
    "all caps": all_caps,
}


def noisy_copies(texts: Sequence[str], *, copies: int, seed: int) -> list[str]:
    """Return ``copies`` noisy versions of the whole list, one after the other."""
    rng = random.Random(seed)  # noqa: S311 - reproducible noise, no secret
    kinds = (two_edits, two_edits, drop_spaces)
    return [rng.choice(kinds)(text, rng) for _ in range(copies) for text in texts]
