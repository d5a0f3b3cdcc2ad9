"""Literal fragments of a pattern: if none of them is in the text, the pattern cannot match.

Most of several hundred patterns are ruled out by a plain substring search, which is what keeps a
long paste within milliseconds.
"""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

_NEW = sys.version_info >= (3, 11)  # the parser of expressions moved there
sre: Any = importlib.import_module("re._constants" if _NEW else "sre_constants")
sre_parse: Any = importlib.import_module("re._parser" if _NEW else "sre_parse")

Fragments = tuple[str, ...]


def analyse(pattern: str, least: int = 80, most: int = 400) -> tuple[Fragments, int]:
    """Lower-case fragments of which one is in every match, and the reach of a match.

    No fragments: nothing is fixed. The reach is how far from a fragment a match can begin or end,
    in characters. Raises ``re.error`` when it is not a regular expression.
    """
    parsed = sre_parse.parse(pattern)
    width = int(parsed.getwidth()[1]) + 20
    return _best(list(parsed)) or (), max(least, min(width, most))


def _weight(found: Fragments | None) -> int:
    """Long, few and with digits is best: such fragments are rarely there by chance."""
    if not found:
        return 0
    digits = 4 if all(len(f) > 2 and any(c.isdigit() for c in f) for f in found) else 0
    return max(1, min(len(f) for f in found) + digits - len(found) + 1)


def _best(items: list[Any]) -> Fragments | None:
    """The longest run of literals, or the best alternatives, of a sequence."""
    candidates: list[Fragments] = []
    run: list[str] = []
    for op, arg in items:
        if op is sre.LITERAL:
            run.append(chr(arg).lower())
            continue
        if run:
            candidates.append(("".join(run),))
            run = []
        inner = _inner(op, arg)
        if inner:
            candidates.append(inner)
    if run:
        candidates.append(("".join(run),))
    return max(candidates, key=_weight, default=None)


def _inner(op: Any, arg: Any) -> Fragments | None:
    if op is sre.SUBPATTERN:
        return _best(list(arg[3]))
    if op is sre.BRANCH:
        found = [_best(list(branch)) for branch in arg[1]]
        if all(found):
            return tuple(f for item in found if item for f in item)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT) and arg[0] > 0:
        return _best(list(arg[2]))
    return None


_BLANKS = re.compile(r"(\\s|\[ [:.-]*\]|\[: \])([*+])")
_ANYTHING = re.compile(r"(?<!\\)\.([+*])(?!\?)")


def bounded(pattern: str, limit: int = 160, blanks: int = 6) -> str:
    """The pattern with ``.+`` and ``.*`` held to ``limit`` characters, and blanks to a few.

    Joined lines would otherwise let a pattern reach from one end of a long paste to the other.
    """
    shorter = _ANYTHING.sub(lambda m: f".{{{_least(m[1])},{limit}}}?", pattern)
    return _BLANKS.sub(lambda m: f"{m[1]}{{{_least(m[2])},{blanks}}}", shorter)


def _least(sign: str) -> int:
    return 1 if sign == "+" else 0
