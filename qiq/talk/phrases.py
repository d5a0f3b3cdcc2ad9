"""Short messages and openings that mean one thing whatever was said before."""

from __future__ import annotations

import re
from functools import cache

from qiq.talk import table
from qiq.talk.message import plain

WHOLE = (
    "say_again",
    "wait",
    "skip",
    "start_over",
    "cancel",
    "person",
    "persists",
    "solved",
    "recheck",
    "where_domain",
    "group_email",
    "group_website",
    "group_domain",
)
LONGEST_WHOLE = 8
LONGEST_QUESTION = 9
_SIGNS = {"👍": "yes", "👌": "yes", "✅": "yes", "🆗": "yes", "👎": "no", "❌": "no"}


def whole(text: str) -> str:
    """What the message as a whole means (a key of ``phrases.yml``), or an empty string."""
    words = plain(text)
    if len(words.split()) > LONGEST_WHOLE:
        return ""
    return _meanings().get(words) or _meanings().get(_without_manners(words), "")


def holds(kind: str, text: str) -> bool:
    """Whether a phrase of two words or more of this kind is anywhere in the message."""
    words = f" {plain(text)} "
    return any(" " in phrase and f" {phrase} " in words for phrase in table.phrases(kind))


def mentions(kind: str, text: str) -> bool:
    """Whether a word or phrase of this kind is anywhere in the message."""
    words = f" {plain(text)} "
    return any(f" {phrase} " in words for phrase in table.phrases(kind))


def says_it_works(text: str) -> bool:
    """Whether success is said in clear words, and nothing beside takes them back."""
    return mentions("success", text) and not mentions("doubt", text)


def is_only_heard(text: str) -> bool:
    """ "ok", "hm", "I see": heard, and no answer to anything."""
    return _is_one_of("heard", text)


def is_about_the_last_thing(text: str) -> bool:
    """ "How do I do that?": about the step just given, not about the whole result."""
    return _is_one_of("last_thing", text)


def _is_one_of(kind: str, text: str) -> bool:
    words = plain(text)
    return words in table.phrases(kind) or _without_manners(words) in table.phrases(kind)


def nearly(kind: str, text: str, besides: int) -> bool:
    """Whether a phrase of this kind is the message but for ``besides`` words at most."""
    words = f" {plain(text)} "
    return any(
        f" {phrase} " in words and len(words.split()) - len(phrase.split()) <= besides
        for phrase in table.phrases(kind)
    )


def opens_with(kind: str, text: str) -> bool:
    """Whether the message begins (or, for "too", ends) with a phrase of this kind."""
    words = f" {plain(text)} "
    return any(
        words.startswith(f" {phrase} ") or words.endswith(f" {phrase} ")
        for phrase in table.phrases(kind)
    )


def asks(kind: str, text: str) -> bool:
    """Whether a short question begins or ends with a phrase of this kind."""
    words = plain(text).split()
    question = words[:1] and (words[0] in table.phrases("question") or text.strip().endswith("?"))
    return bool(question) and len(words) <= LONGEST_QUESTION and opens_with(kind, text)


def sign(text: str) -> str:
    """``yes`` or ``no`` for a lone thumb, else an empty string."""
    return next((_SIGNS[char] for char in text if char in _SIGNS), "")


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it at all."""
    return re.search(r"[^\W_]", text) is not None


@cache
def _meanings() -> dict[str, str]:
    return {plain(phrase): kind for kind in WHOLE for phrase in table.phrases(kind)}


def _without_manners(words: str) -> str:
    """The message without "please", "can you" and the like at either end."""
    before = ""
    while words != before:
        before = words
        for word in table.phrases("polite"):
            words = words.removeprefix(f"{word} ").removesuffix(f" {word}")
    return words
