"""What the errors quoted in a complaint add to it: their sides, their place, more checks."""

from __future__ import annotations

from dataclasses import replace

from qiq import knowledge
from qiq.knowledge.model import ErrorEntry, UnknownError
from qiq.knowledge.reading import Reading
from qiq.verdict import Complaint

_LOOKS = frozenset({"mail", "mail_reputation", "web", "dns", "ftp"})
"""Batteries an error may add. ``status`` would find faults that have nothing to do with it."""


def read_quoted(complaint: Complaint) -> tuple[Complaint, tuple[str, ...]]:
    """The complaint with what its errors say, and the batteries they call for. What was given
    explicitly stays."""
    reading = knowledge.load().read_errors(complaint.text, complaint.intent)
    entries = _entries(complaint, reading)
    groups = knowledge.load().checks_of(entries[:1])
    wanted = [b for group in groups for b in group.batteries] or list(reading.batteries)
    found = _where(complaint, reading.unknown[:1] if not entries else ())
    if not found.error_sides:
        found = replace(found, error_sides=tuple(entry.usual_side for entry in entries))
    return found, tuple(dict.fromkeys(wanted))


def with_checks(
    batteries: tuple[str, ...], more: tuple[str, ...], *, verified: bool
) -> tuple[str, ...]:
    """The batteries of the complaint, then those of its errors. Account facts are added for a
    verified customer only: to anyone else the answer would be "please verify", which explains no
    error."""
    allowed = _LOOKS | ({"account"} if verified else set())
    return tuple(dict.fromkeys((*batteries, *(b for b in more if b in allowed))))


def _entries(complaint: Complaint, reading: Reading) -> list[ErrorEntry]:
    known = knowledge.load().errors.entries
    named = [known[i] for i in complaint.error_ids if i in known]
    return named or [hit.entry for hit in reading.hits if not hit.ambiguous]


def _where(complaint: Complaint, unknown: tuple[UnknownError, ...]) -> Complaint:
    """Protocol, port and server that stand beside an error nobody knows."""
    for error in unknown:
        named = complaint.named_server
        if complaint.intent.startswith("email_"):
            named = named or error.host
        complaint = replace(
            complaint, protocol=complaint.protocol or error.protocol,
            port=complaint.port or error.port, named_server=named,
        )  # fmt: skip
    return complaint
