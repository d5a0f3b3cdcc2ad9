"""Writes the day into ``checked`` of those referrals whose addresses were all found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from qiq.links.model import Found, State

_ENTRY = re.compile(r"^(?P<id>[\w-]+):\s*$")
_CHECKED = re.compile(r'^(  checked: )"[^"]*"')


def stamp(file: Path, found: Iterable[Found], day: str) -> list[str]:
    """Changes ``file`` in place, keeping its comments; returns the ids that were stamped."""
    good = _all_ok(found)
    current = ""
    stamped = []
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if entry := _ENTRY.match(line):
            current = entry["id"]
        if current in good and _CHECKED.match(line):
            line = _CHECKED.sub(rf'\1"{day}"', line)
            stamped.append(current)
        lines.append(line)
    file.write_text("".join(lines), encoding="utf-8")
    return stamped


def _all_ok(found: Iterable[Found]) -> set[str]:
    states: dict[str, set[State]] = {}
    for one in found:
        for place in one.link.places:
            if place.startswith("referrals.yml: "):
                entry = place.removeprefix("referrals.yml: ").split(",")[0]
                states.setdefault(entry, set()).add(one.state)
    return {entry for entry, seen in states.items() if seen == {State.OK}}
