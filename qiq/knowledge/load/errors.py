"""``errors/*.yml`` and ``check_groups.yml``: known errors and the patterns that find them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qiq.knowledge.fields import Fields
from qiq.knowledge.load.files import Files
from qiq.knowledge.match.patterns import Pattern, prepare
from qiq.knowledge.model import ErrorEntry

SIDES = ("server", "account", "dns", "client_software", "antivirus_firewall", "network_isp",
         "recipient_server", "script")  # fmt: skip
_SPEAKERS = ("smtp", "ftp", "http", "dsn", "web", "outlook", "windows")


@dataclass(frozen=True)
class ErrorBook:
    """All entries, all patterns, and the three-digit codes by who says them."""

    entries: Mapping[str, ErrorEntry]
    patterns: tuple[Pattern, ...]
    replies: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class CheckGroup:
    """What an error asks the host to look at. ``batteries`` are run by the bot itself."""

    id: str
    means: str
    batteries: tuple[str, ...]
    staff: bool


def load_check_groups(files: Files) -> dict[str, CheckGroup]:
    """Groups of checks by id."""
    result = {}
    for entry, f in files.entries("check_groups.yml"):
        result[entry] = CheckGroup(entry, f.text("means"), f.texts("batteries"), f.flag("staff"))
        f.done()
    return result


def load_errors(
    files: Files, groups: Iterable[str], steps: Iterable[str], referrals: Iterable[str]
) -> ErrorBook:
    """All known errors, with their cross references checked."""
    known = {"host_checks": set(groups), "first_aid": set(steps), "refer_to": set(referrals)}
    entries: dict[str, ErrorEntry] = {}
    patterns: list[Pattern] = []
    replies: dict[str, dict[str, str]] = {}
    for entry, f in files.entries("errors/"):
        entries[entry] = _entry(entry, f)
        patterns += _patterns(entry, f)
        _reply(entry, f, replies)
        _cross_check(entries[entry], f, known)
        f.done()
    return ErrorBook(entries, tuple(patterns), replies)


def _entry(entry: str, f: Fields) -> ErrorEntry:
    return ErrorEntry(
        id=entry,
        category=f.file.rsplit("/", 1)[-1].removesuffix(".yml"),
        product=f.text("product"),
        meaning=f.text("meaning"),
        usual_side=_party(f.choice("usual_side", SIDES)),
        other_sides=tuple(_party(s) for s in f.texts("other_sides")),
        host_checks=f.texts("host_checks", required=True),
        first_aid=f.texts("first_aid", required=True),
        refer_to=f.texts("refer_to"),
        confidence=f.choice("confidence", ("sourced", "secondary", "unverified")),
        examples=f.texts("examples", required=True),
        note=f.text("note", ""),
        sources=f.texts("sources"),
    )


def _party(side: str) -> str:
    """The word of the verdict for a side."""
    return {"server": "host", "account": "customer_account"}.get(side, side)


def _patterns(entry: str, f: Fields) -> list[Pattern]:
    found = [
        p for source in f.texts("patterns") if (p := _pattern(entry, f, "patterns", source, ""))
    ]
    in_context = f.raw("in_context") or {}
    for said_by, sources in in_context.items():
        if said_by not in _SPEAKERS:
            f.wrong(
                "in_context", f"'{said_by}' is no speaker", f"use one of {', '.join(_SPEAKERS)}"
            )
            continue
        found += [p for s in sources if (p := _pattern(entry, f, "in_context", s, said_by))]
    if not found:
        f.wrong("patterns", "is empty", "add at least one pattern that finds the error")
    return found


def _pattern(entry: str, f: Fields, name: str, source: str, said_by: str) -> Pattern | None:
    try:
        pattern = prepare(entry, source, said_by)
    except re.error as err:
        f.wrong(name, f"'{source}' is no regular expression ({err})", "correct the pattern")
        return None
    if not pattern.fragments:
        f.wrong(name, f"'{source}' has no fixed words", "add words that every match contains")
    return pattern


def _reply(entry: str, f: Fields, replies: dict[str, dict[str, str]]) -> None:
    reply = f.raw("reply")
    if reply is None:
        return
    for code in reply.get("codes", ()):
        replies.setdefault(code, {}).setdefault(reply.get("by", ""), entry)


def _cross_check(entry: ErrorEntry, f: Fields, known: Mapping[str, set[str]]) -> None:
    for name, ids in known.items():
        for value in getattr(entry, name):
            if value not in ids:
                f.wrong(
                    name, f"'{value}' does not exist", "name an existing id or add it to its file"
                )
