"""Where the gateway's own sentences come from: ``knowledge/wording``, never Python."""

from __future__ import annotations

from typing import Protocol


class Say(Protocol):
    """``qiq.knowledge.Knowledge.say``: the sentence of a key, with its blanks filled."""

    def __call__(self, key: str, *, turn: int = 0, **args: object) -> str: ...
