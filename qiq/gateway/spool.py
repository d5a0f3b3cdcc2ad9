"""Messages that arrive while the store is locked: kept in a file, moved when it is back.

Each is written and flushed to disk before the visitor is told that it is kept, so that not even
``kill -9`` loses one. The desk stores a message once by its key, so replaying is harmless.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kept:
    """A visitor's message, already redacted, as ``Desk.append`` takes it."""

    conversation_id: str
    kind: str
    body: Mapping[str, Any]
    key: str
    turn: Mapping[str, Any]


class Spool:
    """One file below the state folder, one JSON line for each message, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def keep(self, message: Kept) -> None:
        """Appends one message and waits until it is on the disk."""
        with self._open(os.O_APPEND) as file:
            file.write(json.dumps(asdict(message)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def kept(self) -> list[Kept]:
        """What is kept, oldest first; a line cut off by a crash was never promised."""
        if not self.path.exists():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(Kept(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return found

    def replace(self, messages: list[Kept]) -> None:
        """Keeps only these."""
        if not messages:
            self.path.unlink(missing_ok=True)
            return
        fresh = self.path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.writelines(json.dumps(asdict(one)) + "\n" for one in messages)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def _open(self, flag: int) -> Any:
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
        return os.fdopen(number, "a", encoding="utf-8")
