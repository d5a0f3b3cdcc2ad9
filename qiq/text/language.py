"""Guess the language of a message, offline: by script first, then by its small words.

Only for telling "not English" kindly; when in doubt it says nothing rather than something wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

MAX_CHARS = 2000
TABLE = Path(__file__).parent / "languages.yml"

_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "ARABIC": "ar", "HEBREW": "he",
    "DEVANAGARI": "hi", "BENGALI": "bn", "CYRILLIC": "ru", "GREEK": "el", "THAI": "th", "CJK": "zh",
}  # fmt: skip
_FAMILY = {"ar": ("fa", "پچژگ"), "ru": ("uk", "іїєґ")}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOT_WORDS = re.compile(r"\S*[@./\\_:]\S+|\S*\d\S*")
_LEAST_WORDS = 2


@dataclass(frozen=True)
class _Language:
    words: frozenset[str]
    letters: frozenset[str]
    sure: frozenset[str]


def detect(text: str) -> str | None:
    """Return an ISO 639-1 code, or None when unsure (too short, mixed, names and codes only)."""
    text = unicodedata.normalize("NFC", _NOT_WORDS.sub(" ", text[:MAX_CHARS]))
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return None
    return _by_script(letters) or _by_words(text.lower().replace("’", "'"))


def _by_script(letters: list[str]) -> str | None:
    scripts = Counter(_script(char) for char in letters)
    latin = scripts.pop("", 0)
    if not scripts or sum(scripts.values()) < 2 or sum(scripts.values()) <= latin * 0.5:
        return None
    if scripts["ja"]:  # Japanese is written with Chinese characters too, Chinese never with kana
        return "ja"
    language = scripts.most_common(1)[0][0]
    other, marks = _FAMILY.get(language, ("", ""))
    return other if any(char.lower() in marks for char in letters) else language


def _script(char: str) -> str:
    if char.isascii():
        return ""
    return _SCRIPTS.get(unicodedata.name(char, "").split(" ")[0].split("-")[0], "")


def _by_words(text: str) -> str | None:
    words = _WORD.findall(text)
    if len(words) < 2 and text.isascii():  # "ciao", "merci": English speakers write these too
        return None
    scores = {code: _score(words, text, language) for code, language in _table().items()}
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, first), (_, second) = ranked[0], ranked[1]
    if first < _LEAST_WORDS or first < 0.2 * len(words) or first - second < max(1, 0.15 * first):
        return None
    return best


def _score(words: list[str], text: str, language: _Language) -> float:
    own_letters = sum(char in language.letters for char in text)
    told = sum(2 if w in language.sure else w in language.words for w in words)
    return told + min(own_letters, 4) * 0.5


@lru_cache(maxsize=1)
def _table() -> dict[str, _Language]:
    raw = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {
        str(code): _Language(
            frozenset(entry["words"].split()),
            frozenset(entry["letters"]),
            frozenset(entry.get("sure", "").split()),
        )
        for code, entry in raw.items()
    }
