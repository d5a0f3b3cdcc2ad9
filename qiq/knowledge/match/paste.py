"""Makes pasted text comparable: quotes, spaces, wrapped lines and codes written by hand.

Every change keeps count of where each character came from, so that a hit can be shown in the text
as the customer wrote it.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass

_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASH = "\u2010\u2011\u2012\u2013\u2014\u2212"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_SPECIAL = re.compile(
    # What any of these can begin with: most characters are ruled out by this one look.
    rf"(?=[{_SINGLE}{_DOUBLE}{_DASH}{_INVISIBLE}\u2026>\s\u00a0oO08])(?:"
    rf"(?P<single>[{_SINGLE}])|(?P<double>[{_DOUBLE}])|(?P<dash>[{_DASH}])|(?P<dots>\u2026)"
    rf"|(?P<gone>[{_INVISIBLE}])"
    r"|(?P<quoted>(?<![^\n])[ \t]*>[> \t]*)"  # quote marks of a forwarded message
    r"|(?P<line>[ \t\u00a0\u2007\u202f]*(?:\r\n|\r|\n)[ \t\u00a0]*)"
    r"|(?P<space>[ \t\u00a0\u2007\u202f]{2,}|[\t\u00a0\u2007\u202f])"
    r"|(?P<hex>(?<![0-9A-Za-z])[0oO][xX]8[0-9a-fA-FoO]{7}(?![0-9A-Za-z]))"
    r"|(?P<bare>(?<![0-9A-Za-z])800[cC]{3}[0-9a-fA-FoO]{2}(?![0-9A-Za-z])))"
)
_WRAP = re.compile(
    r"\n(?!\n|Response:|Status:|Error:|Command:|Trace:|\d{3}[ -]|[A-Z][A-Za-z-]{1,30}: |[-*] "
    r"|>>>|<<<)"
    r"(?<!\n\n)"
)


@dataclass(frozen=True)
class Paste:
    """``lines`` keeps the line breaks, ``joined`` has wrapped lines joined; same length.

    ``starts`` and ``origins`` tell where each stretch of them stood in the text as given: character
    ``starts[k] + n`` was character ``origins[k] + n``, but never beyond ``ends[k]``.
    """

    lines: str
    joined: str
    starts: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)
    ends: tuple[int, ...] = (sys.maxsize,)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as given."""
        return (0, 0) if start >= end else (self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, position: int) -> int:
        k = bisect_right(self.starts, position) - 1
        return min(self.origins[k] + position - self.starts[k], max(self.ends[k] - 1, 0))


def _hex(found: str) -> str:
    return "0x" + found[2:].lower().replace("o", "0")


def _mend(match: re.Match[str]) -> str:
    kind, found = match.lastgroup, match.group()
    if kind == "hex":
        return _hex(found)
    if kind == "bare":
        return _hex("0x" + found)
    return {"single": "'", "double": '"', "dash": "-", "dots": "...", "gone": "", "quoted": "",
            "line": "\n", "space": " "}[kind or "gone"]  # fmt: skip


def read_paste(text: str) -> Paste:
    """Normalises ``text``. Linear in its length."""
    parts: list[str] = []
    stretches: list[tuple[int, int, int]] = []  # start in the result, start and end in ``text``
    last = length = 0
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        new = _mend(match)
        stretches += [(length, last, start), (length + start - last, start, end)]
        parts += [text[last:start], new]
        length += start - last + len(new)
        last = end
    stretches.append((length, last, len(text)))
    parts.append(text[last:])
    lines = "".join(parts)
    starts, origins, ends = zip(*stretches, strict=True)
    return Paste(lines, _WRAP.sub(" ", lines), starts, origins, ends)
