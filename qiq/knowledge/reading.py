"""What can be said about the errors in one message: meaning, question to ask, checks to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiq.knowledge.match.unknown import battery_of
from qiq.knowledge.model import ErrorHit, UnknownError

if TYPE_CHECKING:
    from qiq.knowledge.load.errors import CheckGroup
    from qiq.knowledge.store import Knowledge

_MOST_MENTIONED = 2
_NEAR = 60  # characters
_SINGLE_WORD = 400  # "blacklist" or "propagation" is a topic, not a message to explain
_MOST_QUOTED = 120


@dataclass(frozen=True)
class Reading:
    """The errors of one message, put into words.

    ``sentences`` are for the customer, before any check. ``ask`` is a question when a bare number
    could come from several sides, with ``choices`` as (id of an error, title of a button).
    ``batteries`` are the checks the errors call for; ``staff`` is what only a person can look up.
    ``side`` is said only after the server was found to be fine. ``unknown`` is kept for staff.
    """

    hits: tuple[ErrorHit, ...] = ()
    unknown: tuple[UnknownError, ...] = ()
    sentences: tuple[str, ...] = ()
    ask: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    batteries: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    side: str = ""


def read_errors(known: Knowledge, text: str, context: str = "", turn: int = 0) -> Reading:
    """Reads every error in ``text``; an empty ``Reading`` when there is none."""
    hits = tuple(known.match_errors(text, context))
    unknown = tuple(known.unknown_errors(text, hits))
    if hits and hits[0].ambiguous:
        return _question(known, hits)
    hits = tuple(hit for hit in hits if hit.rank > _SINGLE_WORD)
    groups = known.checks_of([hit.entry for hit in hits[:1]])
    return Reading(
        hits=hits,
        unknown=unknown,
        sentences=_known(known, hits, turn) if hits else _unknown(known, unknown, turn),
        batteries=_batteries(groups) if hits else _looks(unknown),
        staff=tuple(g.means for g in groups if g.staff),
        side=known.say(f"error.side.{hits[0].entry.usual_side}") if hits else "",
    )


def _batteries(groups: Iterable[CheckGroup]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b for group in groups for b in group.batteries))


def _looks(unknown: tuple[UnknownError, ...]) -> tuple[str, ...]:
    """What the protocol named beside an unknown error calls for."""
    battery = battery_of(unknown[0].protocol) if unknown else None
    return (battery,) if battery else ()


def _known(known: Knowledge, hits: tuple[ErrorHit, ...], turn: int) -> tuple[str, ...]:
    first = hits[0]
    rest = _elsewhere(hits)[:_MOST_MENTIONED]
    key = "error.guessed" if first.guessed else "error.meaning"
    said = [known.say(key, turn=turn, meaning=first.entry.meaning)]
    said += [
        known.say("error.more", meaning=hit.entry.meaning)
        for hit in rest
        if hit.entry.meaning != first.entry.meaning
    ]
    return tuple(said)


def _elsewhere(hits: tuple[ErrorHit, ...]) -> list[ErrorHit]:
    """Hits after the first that are no part of a better one's reply.

    A code right beside a sentence belongs to the same reply, and says less.
    """
    kept: list[ErrorHit] = []
    for hit in hits:
        if all(hit.end <= k.start - _NEAR or hit.start >= k.end + _NEAR for k in kept):
            kept.append(hit)
    return kept[1:]


def _question(known: Knowledge, hits: tuple[ErrorHit, ...]) -> Reading:
    first = hits[0]
    speakers = {entry: who for who, entry in known.errors.replies.get(first.matched, {}).items()}
    choices = tuple(
        (entry.id, known.say(f"error.ask.{speakers[entry.id]}"))
        for entry in first.alternatives
        if entry.id in speakers
    )
    ask = known.say("error.ask", code=first.matched)
    return Reading(hits=hits, ask=ask, choices=choices)


def _unknown(known: Knowledge, unknown: tuple[UnknownError, ...], turn: int) -> tuple[str, ...]:
    if not unknown:
        return ()
    first = unknown[0]
    said = [known.say("error.unknown", turn=turn, text=first.text[:_MOST_QUOTED])]
    what = [first.protocol.upper() if first.protocol else "", first.host or ""]
    what.append(f"port {first.port}" if first.port else "")
    if any(what):
        said.append(known.say("error.read.where", what=", ".join(w for w in what if w)))
    if first.code_class:
        said.append(known.say(f"error.read.{first.code_class}"))
    return tuple(said)
