"""One turn of a conversation: the lines it has to say and what failed on the way."""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

ACTION_SERVER = "action_server"
INTERNAL = "internal"
STORE = "store"

_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


@dataclass
class Turn:
    """Lines of NDJSON in the order to send, `None` when the turn is over. `message` is the id of
    the message it answers."""

    message: str
    lines: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    error: str | None = None
    spoken: bool = False

    def say(self, line: dict[str, Any]) -> None:
        """Queue one line; the channel sends it at once."""
        self.spoken = self.spoken or line["type"] == "message"
        self.lines.put_nowait(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def end(self) -> None:
        """Queue the `end` line, and close."""
        if self.error is None:
            self.say({"type": "end", "ok": True})
        else:
            self.say({"type": "end", "ok": False, "error": self.error})
        self.lines.put_nowait(None)


def begin(message: str) -> Turn:
    """Make a turn the current one of this task and of the tasks it starts."""
    turn = Turn(message)
    _current.set(turn)
    return turn


def message() -> str:
    """Id of the message that is being answered; empty outside a turn."""
    turn = _current.get()
    return turn.message if turn else ""


def failed(error: str) -> None:
    """Note on the current turn, if there is one, that a part failed; the first failure counts."""
    turn = _current.get()
    if turn is not None and turn.error is None:
        turn.error = error
