"""Fit an answer to what a platform takes: cut at sentences, buttons first, the rest numbered."""

from __future__ import annotations

import re

from qiq.gateway.messenger.model import Button, Limits, Outgoing, Piece

# Where a long text may be cut, best first.
_CUTS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])\s+"),
    re.compile(r"\s+"),
)


def fit(message: Outgoing, limits: Limits) -> tuple[Piece, ...]:
    """Pieces in order; the buttons hang on the last one.

    A button whose title is too long for the platform, and every one beyond its number, becomes a
    numbered line: the customer answers with the number. All or none are numbered, so that nobody
    has to look in two places.
    """
    as_buttons = len(message.buttons) <= limits.buttons and all(
        len(button.title) <= limits.title for button in message.buttons
    )
    text = message.text if as_buttons else _with_numbers(message.text, message.buttons)
    links = [message.link, None if limits.pictures else message.picture]
    text = "\n\n".join([text, *(link for link in links if link)])
    shown_picture = message.picture if limits.pictures else None
    pictures = (Piece("", picture=shown_picture),) if shown_picture else ()
    parts = split(text.strip() or "…", limits.text)
    shown = message.buttons if as_buttons else ()
    return (*pictures, *(Piece(part) for part in parts[:-1]), Piece(parts[-1], shown))


def _with_numbers(text: str, buttons: tuple[Button, ...]) -> str:
    lines = [f"{number}. {button.title}" for number, button in enumerate(buttons, start=1)]
    return "\n".join([text, "", *lines])


def split(text: str, limit: int) -> list[str]:
    """Parts of at most ``limit`` characters, cut at a paragraph, line, sentence or space."""
    parts = []
    rest = text
    while len(rest) > limit:
        end, start = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, limit: int) -> tuple[int, int]:
    for pattern in _CUTS:
        found = [match for match in pattern.finditer(text, 0, limit + 1) if match.start() <= limit]
        # A cut in the first third would make a rag of pieces.
        if found and found[-1].start() > limit // 3:
            return found[-1].span()
    return limit, limit


def chosen(text: str, buttons: tuple[Button, ...]) -> Button | None:
    """The button meant by "2", "2." or its title typed out; None for anything else."""
    answer = text.strip().rstrip(".)").strip()
    if answer.isdecimal() and 1 <= int(answer) <= len(buttons):
        return buttons[int(answer) - 1]
    same = [button for button in buttons if button.title.casefold() == answer.casefold()]
    return same[0] if len(same) == 1 else None
