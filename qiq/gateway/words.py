"""Where the gateway's own sentences come from: ``knowledge/wording``, never Python."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[..., str]
"""``qiq.knowledge.Knowledge.say(key, **args)``: the sentence of a key, with its blanks filled."""
