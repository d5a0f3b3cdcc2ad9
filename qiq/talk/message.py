"""The understood message, read from what Rasa hands to an action."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qiq.diagnosis import reading
from qiq.talk import table
from qiq.talk.model import Details

LONGEST = 10_000
"""Characters: what the gateway lets through, so that the end of a pasted log is read too."""
_DETAILS = ("client", "os", "antivirus", "app", "browser", "isp", "protocol", "port")


@dataclass(frozen=True)
class Message:
    """``intent`` with its ``confidence`` and ``ranking`` (names, best first), the ``text`` as typed
    (redacted), entities by type. ``pick`` is the value of a pressed button. ``others`` are further
    complaints in the same message, each with its own words. ``now``: seconds since 1970."""

    intent: str
    text: str = ""
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: Mapping[str, tuple[str, ...]] = None  # type: ignore[assignment]
    pick: str = ""
    pressed: bool = False
    others: tuple[tuple[str, str], ...] = ()
    own: str = ""
    language: str = ""
    page: str = ""
    signed_in: tuple[str, ...] = ()
    country: str = ""
    now: float = 0.0

    def __post_init__(self) -> None:
        if self.entities is None:
            object.__setattr__(self, "entities", {})

    def first(self, kind: str) -> str:
        """The first entity of this type, or an empty string."""
        found = self.entities.get(kind, ())
        return found[0] if found else ""

    @property
    def is_complaint(self) -> bool:
        return table.is_checked(self.intent)

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def names_place(self) -> bool:
        """Whether a domain, an address or a URL was given."""
        return any(self.first(kind) for kind in ("domain", "email", "url"))

    @property
    def names_detail(self) -> bool:
        named = any(self.first(kind) for kind in (*_DETAILS, "error_code"))
        return named or reading.issuer(self.text, "email_cert_warning") is not None


def read(latest: Mapping[str, Any], *, now: float) -> Message:
    """The message from ``tracker.latest_message``. Whatever is missing has an innocent default."""
    metadata = latest.get("metadata") or {}
    visitor = metadata.get("visitor") or {}
    ranking = tuple(
        (str(r.get("name")), float(r.get("confidence") or 0))
        for r in (latest.get("intent_ranking") or ())[:10]
        if r.get("name")
    )
    intent = latest.get("intent") or {}
    entities = _entities(latest.get("entities") or ())
    message = Message(
        intent=str(intent.get("name") or "nlu_fallback"),
        text=str(latest.get("text") or "")[:LONGEST].strip(),
        confidence=float(intent.get("confidence") or 0),
        ranking=ranking,
        entities=entities,
        pick=entities.get("pick", ("",))[0],
        pressed=_is_press(latest),
        others=_others(latest, str(intent.get("name"))),
        own=_own(latest, str(intent.get("name"))),
        language=str(latest.get("language") or ""),
        page=str(metadata.get("page") or ""),
        signed_in=tuple(str(d) for d in visitor.get("verified_domains") or ()),
        country=str(visitor.get("country") or ""),
        now=now,
    )
    return replace(message, entities={k: v for k, v in entities.items() if k != "pick"})


def details(message: Message, known: Details) -> Details:
    """``known`` with what this message names; the newest word on a thing wins."""
    new = {kind: message.first(kind) for kind in _DETAILS if message.first(kind)}
    errors = tuple(dict.fromkeys((*message.entities.get("error_code", ()), *known.errors)))[:4]
    return replace(known, **new, errors=errors)


def plain(text: str) -> str:
    """Lower case, no punctuation, single spaces: for comparing short messages."""
    kept = re.sub(r"[^\w\s]", "", text.casefold().replace("’", "'"), flags=re.UNICODE)
    return " ".join(kept.split())


def _entities(found: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    for entity in found[:40]:
        kind, value = str(entity.get("entity") or ""), _value(entity)
        if kind and value and value not in kinds.get(kind, ()):
            kinds[kind] = (*kinds.get(kind, ()), value[:200])
    return kinds


def _value(entity: Mapping[str, Any]) -> str:
    value = entity.get("id") or entity.get("value")
    named = str(value).strip() if value is not None else ""
    version = entity.get("version")
    # A guide for iOS 18 is not one for iOS 16: the version stays with the system.
    return f"{named}-{version}" if named and version and entity.get("entity") == "os" else named


def _is_press(latest: Mapping[str, Any]) -> bool:
    """A pressed button goes around the understanding: one intent, certain, and no ranking."""
    ranking = latest.get("intent_ranking") or ()
    intent = latest.get("intent") or {}
    certain = intent.get("confidence") == 1.0 and intent.get("name") != "nlu_fallback"
    return certain and len(ranking) == 1


def _others(latest: Mapping[str, Any], first: str) -> tuple[tuple[str, str], ...]:
    """Further complaints of the message, as the understanding lists them under ``problems``."""
    found = _problems(latest)
    return tuple((i, text) for i, text in found.items() if i != first and table.is_checked(i))


def _own(latest: Mapping[str, Any], first: str) -> str:
    """Which words of the message are about its first complaint; empty when it has but one."""
    return _problems(latest).get(first, "")


def _problems(latest: Mapping[str, Any]) -> dict[str, str]:
    rows = [row for row in latest.get("problems") or () if isinstance(row, Mapping)]
    return {str(row.get("name")): str(row.get("text") or "")[:LONGEST] for row in rows}
