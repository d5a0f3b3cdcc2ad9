"""Finds every known error in a text, the most specific first.

Specific means: a whole sentence, then a named constant or hexadecimal code, then an enhanced status
code (RFC 3463), then a three-digit reply with words around it, then single words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from qiq.knowledge.match.paste import Paste, read_paste
from qiq.knowledge.match.patterns import Lowered, Pattern
from qiq.knowledge.match.replies import bare_codes
from qiq.knowledge.match.speakers import Scene, is_amount, is_version, said_as_status
from qiq.knowledge.match.spelling import Speller
from qiq.knowledge.model import ErrorEntry, ErrorHit

_MAX_TEXT = 60_000
_MAX_MENDED_TEXT = 6_000
_WORD = re.compile(r"[A-Za-z]{2,}")
_CONSTANT = re.compile(r"0x[0-9a-f]{8}|[A-Z0-9]{2,}(?:_[A-Z0-9]+)+|[A-Z]{8,}")
_SENTENCE, _NAMED, _STATUS, _CODED, _IN_CONTEXT, _WORDS = 5000, 4000, 3000, 2000, 1000, 0


class Matcher:
    """All patterns of all entries. Safe to share between threads; keeps nothing of a text."""

    def __init__(
        self,
        entries: Mapping[str, ErrorEntry],
        patterns: tuple[Pattern, ...],
        replies: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._entries = entries
        self._patterns = patterns
        self._replies = replies

    def match(self, text: str, hint: str = "") -> list[ErrorHit]:
        """Hits in ``text``, best first, one per entry; ``hint`` says what the talk is about."""
        paste = read_paste(text[:_MAX_TEXT])
        hits = self._scan(paste, hint)
        if len(text) <= _MAX_MENDED_TEXT and not any(h.rank >= _NAMED for h in hits):
            hits += [
                h for h in self._mended(paste, hint) if h.entry.id not in {x.entry.id for x in hits}
            ]
        return _best_first(hits)

    def _scan(self, paste: Paste, hint: str) -> list[ErrorHit]:
        lowered = Lowered.of(paste)
        scenes = (Scene(paste.joined, hint), Scene(paste.lines, hint))
        best: dict[str, ErrorHit] = {}
        for pattern in self._patterns:
            if not pattern.may_be_in(lowered):
                continue
            self._keep(best, self._first(pattern, paste, lowered, scenes))
        for said in bare_codes(scenes[0], self._replies):
            self._keep(best, self._bare(said.start, said.end, said.entries, paste))
        return list(best.values())

    @staticmethod
    def _keep(best: dict[str, ErrorHit], hit: ErrorHit | None) -> None:
        if hit and (hit.entry.id not in best or best[hit.entry.id].rank < hit.rank):
            best[hit.entry.id] = hit

    def _first(
        self, pattern: Pattern, paste: Paste, lowered: Lowered, scenes: tuple[Scene, Scene]
    ) -> ErrorHit | None:
        """The first place where the pattern stands and the words around allow it."""
        for found in pattern.find_all(paste, lowered):
            if not pattern.said_by or _allowed(pattern.said_by, found, scenes[pattern.by_line]):
                return self._hit(pattern, found, paste)
        return None

    def _hit(self, pattern: Pattern, found: re.Match[str], paste: Paste) -> ErrorHit:
        start, end = _trimmed(found)
        rank = _rank(found.group(), pattern.said_by) + min(end - start, 400)
        return ErrorHit(
            self._entries[pattern.entry], *paste.span(start, end), found.string[start:end], rank
        )

    def _bare(self, start: int, end: int, ids: tuple[str, ...], paste: Paste) -> ErrorHit:
        entries = tuple(self._entries[i] for i in ids)
        several = len(entries) > 1
        rank = _IN_CONTEXT + (end - start) - (500 if several else 0)
        return ErrorHit(
            entries[0], *paste.span(start, end), paste.joined[start:end], rank,
            ambiguous=several, alternatives=entries if several else (),
        )  # fmt: skip

    def _mended(self, paste: Paste, hint: str) -> list[ErrorHit]:
        text = self._speller.mend(paste.joined)
        if text is None:
            return []
        # Positions in the mended text are near, not exact: the hit covers the text as typed.
        whole = Paste(text, text)
        end = len(paste.joined)
        typed = paste.span(0, end)
        hits = [h for h in self._scan(whole, hint) if h.rank >= _SENTENCE and not h.ambiguous]
        return [replace(h, start=typed[0], end=typed[1], guessed=True) for h in hits]

    @cached_property
    def _speller(self) -> Speller:
        texts = (f for p in self._patterns for f in p.fragments if " " in f)
        sources = (p.source for p in self._patterns if " " in p.source and "_" not in p.source)
        return Speller(
            w.lower() for t in (*texts, *sources) for w in re.findall(r"(?<!\\)[a-z]{5,}", t)
        )


def _allowed(said_by: str, found: re.Match[str], scene: Scene) -> bool:
    text, (start, end) = found.string, _trimmed(found)
    if said_by == "dsn":
        if said_as_status(text, start):
            return True
        return not is_version(text, start) and "smtp" in scene.speakers(start, end)
    if any(c.isdigit() for c in found.group()) and is_amount(text, start, end):
        return False
    named = scene.speakers(start, end)
    return said_by in named and not (
        said_by == "http" and named & {"smtp", "ftp"} and "http" not in named
    )


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    start, end = found.span()
    text = found.string
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _rank(matched: str, said_by: str) -> int:
    if said_by == "dsn":
        return _STATUS
    if said_by:
        return _IN_CONTEXT
    if _CONSTANT.search(matched):
        return _NAMED
    if len(_WORD.findall(matched)) >= 3:
        return _SENTENCE
    return _CODED if any(c.isdigit() for c in matched) else _WORDS


def _best_first(hits: list[ErrorHit]) -> list[ErrorHit]:
    """Sorted by rank; a hit inside the stretch of a better one says nothing new and is dropped."""
    result: list[ErrorHit] = []
    for hit in sorted(hits, key=lambda h: (-h.rank, h.start, h.entry.id)):
        inside = any(b.start <= hit.start and hit.end <= b.end and not b.guessed for b in result)
        if not inside:
            result.append(hit)
    if any(not h.ambiguous for h in result):
        result = [h for h in result if not h.ambiguous]
    return result
