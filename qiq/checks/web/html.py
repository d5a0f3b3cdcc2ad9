"""The little that the checks read of a page's HTML, in one pass over text that strangers wrote.

A page may be hostile: nothing here looks at a character more than a few times, whatever it is, and
nothing recurses, so that tags nested without end cost neither time nor stack. (A regular expression
that may run past the next ``<`` takes minutes for a page of 256 kB; parsers in C recurse.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_TAG = 2_000
TAG = re.compile(r"<([a-z][a-z0-9]*)\b([^<>]*)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(?<![a-z-])([a-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"']+)""", re.IGNORECASE)
TITLE = re.compile(r"<title\b[^<>]*>", re.IGNORECASE)
TITLE_END = re.compile("</title", re.IGNORECASE)
MARKUP = re.compile(r"<[^<>]*>?")


@dataclass(frozen=True)
class Tag:
    """An opening tag. Names are in small letters; of an attribute given twice the first counts."""

    name: str
    attributes: dict[str, str]


def tags(body: str, *names: str) -> Iterator[Tag]:
    """The opening tags with one of ``names``, in their order."""
    for match in TAG.finditer(body):
        name = match[1].lower()
        if name in names:
            found = ATTRIBUTE.findall(match[2][:LONGEST_TAG])
            yield Tag(name, {key.lower(): value.strip("\"'") for key, value in reversed(found)})


def title(body: str) -> str:
    """The text of the first ``title``; empty when there is none."""
    start = TITLE.search(body)
    end = TITLE_END.search(body, start.end()) if start else None
    return body[start.end() : end.start()].strip() if start and end else ""


def unmarked(text: str) -> str:
    """``text`` without its tags."""
    return MARKUP.sub("", text)


def words(body: str) -> list[str]:
    """What a visitor reads, in small letters: no tags, scripts or styles."""
    text = body.lower()
    for element in ("script", "style"):
        text = _without(text, element)
    return MARKUP.sub(" ", text).split()


def _without(text: str, element: str) -> str:
    """``text`` without the element and what is in it; one that never ends takes the rest along."""
    first, *rest = text.split(f"<{element}")
    after = (part.partition(f"</{element}")[2].partition(">")[2] for part in rest)
    return " ".join((first, *after))
