"""What a message names: domains, programs, systems, errors … with the ids of ``knowledge/``.

Runs on Python 3.10 and later. Bounded: only the first 8,000 characters are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qiq.text import addresses, codes, names, vocabulary

MAX_CHARS = 8000


@dataclass(frozen=True)
class Entity:
    """``value`` as written at ``start:end``; ``id`` normalised.

    For a ``domain`` the id is the host given, and ``extra`` holds ``registrable``; for a program
    or a system ``extra`` may hold ``version``.
    """

    type: str
    value: str
    id: str
    start: int
    end: int
    extra: tuple[tuple[str, Any], ...] = ()


_PRIORITY = ("client", "app", "browser", "antivirus", "os", "isp", "vendor")
_REACH = re.compile(
    r"\b(?:contact|call|phone|ring|reach|get (?:a )?hold of|get in touch|talk to|speak (?:to|with)|"
    r"number (?:for|of)|helpline|help ?line|support (?:line|number|page|site|team|phone)|hotline|"
    r"telephone|forum|ask (?:them|whom?)|who (?:do|should|can) i ask|write to|"
    r"e-?mail address of)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?: version| ver\.?| v\.?)? ?(\d{1,4}(?:\.\d+){0,3}(?:esr)?)(?![\w@%]|\.\d|:\d)",
    re.IGNORECASE,
)
_VERSIONED = frozenset({"client", "app", "browser", "os"})


def extract(text: str) -> list[Entity]:
    """Return the entities in the order of the text. Never raises on any text."""
    text = text[:MAX_CHARS]
    found = [_from_address(text, address) for address in addresses.find(text)]
    shaped = codes.find(text)
    found += _errors(text, [code for code in shaped if code.type == "error_code"])
    found += _ports_and_protocols(text, shaped, found)
    found += _named(text, [e for e in found if e.type != "error_code"])
    return sorted(found, key=lambda entity: (entity.start, -entity.end, entity.type))


def _from_address(text: str, found: addresses.Address) -> Entity:
    written = text[found.start : found.end]
    return Entity(found.type, written, found.id, found.start, found.end, found.extra)


def _ports_and_protocols(
    text: str, shaped: list[codes.Code], taken: Iterable[Entity]
) -> list[Entity]:
    """Protocols and ports that are no part of a URL, an address or an error."""
    taken = [e for e in taken if e.type != "error_code"]
    hits = [c for c in shaped if c.type != "error_code" and not _covered(c, taken)]
    return [Entity(c.type, text[c.start : c.end], c.id, c.start, c.end) for c in hits]


def _errors(text: str, shaped: list[codes.Code]) -> list[Entity]:
    """Errors of ``knowledge/errors`` first, then codes recognised by shape alone, ``shaped``.

    A bare number that mail, FTP and web servers all use settles nothing: whoever reads the talk
    asks who said it (``Knowledge.read_errors``), so it is no entity.
    """
    hits = _matches(text)
    known = [
        Entity("error_code", text[hit.start : hit.end], hit.entry.id, hit.start, hit.end)
        for hit in hits
        if not hit.ambiguous and not _is_plain_word(text[hit.start : hit.end])
    ]
    kept = _longest(known)
    open_ = [hit for hit in hits if hit.ambiguous]
    for code in sorted(shaped, key=lambda code: code.start - code.end):
        if not _covered(code, [*open_, *kept]):
            entity = Entity(
                "error_code", text[code.start : code.end], code.id, code.start, code.end
            )
            kept.append(entity)
    return kept


def _is_plain_word(written: str) -> bool:
    """True for "blacklist" or "spamhaus" in a sentence: about an error, but no message of one."""
    return written.isalpha() and not written.isupper() and not written.istitle()


def _matches(text: str) -> list[Any]:
    try:
        from qiq.knowledge import load
    except ImportError:
        return []
    return list(load().match_errors(text))


def _named(text: str, taken: list[Entity]) -> list[Entity]:
    """Programs, systems and vendors; one entity a stretch, the longest name, then by type."""
    words = vocabulary.load()
    wants_contact = bool(_REACH.search(text))
    candidates: list[Entity] = []
    vendors: list[Entity] = []
    for hit in names.find(text, words):
        for name in hit.names:
            entity = Entity(name.type, text[hit.start : hit.end], name.id, hit.start, hit.end)
            if _covered(entity, taken):
                continue
            (vendors if name.type == "vendor" else candidates).append(entity)
    kept = [_with_version(text, entity) for entity in _longest(candidates)]
    kept += [_with_version(text, entity) for entity in _systems_within(kept, candidates)]
    return kept + (_longest(vendors) if wants_contact else [])


def _systems_within(kept: list[Entity], candidates: list[Entity]) -> list[Entity]:
    """Systems inside "Outlook on my iPhone": program and system are both meant."""
    wide = [e for e in kept if e.type == "client" and re.search(r" (?:on|for) ", e.value)]
    return _longest([e for e in candidates if e.type == "os" and _covered(e, wide)])


def _with_version(text: str, entity: Entity) -> Entity:
    if entity.type not in _VERSIONED:
        return entity
    match = _VERSION.match(text, entity.end)
    if not match:
        return entity
    end = match.end()
    extra = (("version", match.group(1)),)
    return Entity(entity.type, text[entity.start : end], entity.id, entity.start, end, extra)


def _longest(entities: list[Entity]) -> list[Entity]:
    """Drop what overlaps a longer find (of equal length: a type later in the priority)."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=_rank):
        if not any(entity.start < other.end and other.start < entity.end for other in kept):
            kept.append(entity)
    return kept


def _rank(entity: Entity) -> tuple[int, int, int]:
    place = _PRIORITY.index(entity.type) if entity.type in _PRIORITY else 0
    return (entity.start - entity.end, place, entity.start)


def _covered(span: Any, taken: Iterable[Entity]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in taken)
