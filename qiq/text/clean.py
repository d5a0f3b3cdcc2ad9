"""Make what people paste safe to look at: no control or invisible characters, bounded length."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 8000
"""Longer messages are understood from their first part; a pasted log repeats itself."""

_KEPT_CONTROLS = "\n\t"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"[^\S\n]{2,}")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str, limit: int = MAX_CHARS) -> str:
    """Return ``text`` without control, zero-width and direction characters, at most ``limit`` long.

    Full-width and other compatibility letters become ordinary ones (NFKC); runs of blanks become
    one. Never raises; text with nothing visible comes back empty.
    """
    text = text[: limit * 4]  # bounds the work below, whatever arrives
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = "".join(char for char in text if not _is_control(char))
    text = _BLANK_LINES.sub("\n\n", _BLANKS.sub(" ", text))
    return text.strip()[:limit]


def _is_control(char: str) -> bool:
    """True for what has no place in a message: controls, lone surrogates, unassigned."""
    return char not in _KEPT_CONTROLS and unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"}
