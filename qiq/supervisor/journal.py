"""Lines of the parts: to one file each, and to the terminal with the part's name in front."""

from __future__ import annotations

import logging
import sys
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_BYTES = 5_000_000
LINE_CHARS = 2_000
KEPT_LINES = 12


class Journal:
    """Writes `folder/NAME.log` and a terminal line; remembers the last lines of each part."""

    def __init__(self, folder: Path, width: int = 8) -> None:
        self.folder, self.width = folder, width
        folder.mkdir(parents=True, exist_ok=True)
        self._files: dict[str, logging.Handler] = {}
        self._last: dict[str, deque[str]] = {}

    def line(self, name: str, text: str) -> None:
        """One line of a part, cut at 2,000 characters."""
        text = text.rstrip()[:LINE_CHARS]
        self._last.setdefault(name, deque(maxlen=KEPT_LINES)).append(text)
        self._file(name).emit(logging.makeLogRecord({"msg": text, "name": name}))
        self._terminal(name, text)

    def say(self, text: str) -> None:
        """A line of the supervisor's own."""
        self._file("qiq").emit(logging.makeLogRecord({"msg": text, "name": "qiq"}))
        self._terminal("qiq", text)

    def last(self, name: str) -> list[str]:
        """The last few lines of a part."""
        return list(self._last.get(name, ()))

    def path(self, name: str) -> Path:
        """The part's log file."""
        return self.folder / f"{name}.log"

    def close(self) -> None:
        """Close the files."""
        for handler in self._files.values():
            handler.close()

    def _file(self, name: str) -> logging.Handler:
        if name not in self._files:
            handler = RotatingFileHandler(
                self.path(name), maxBytes=FILE_BYTES, backupCount=2, encoding="utf-8"
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            self._files[name] = handler
        return self._files[name]

    def _terminal(self, name: str, text: str) -> None:
        try:
            print(f"{name:{self.width}}| {text}", file=sys.stderr, flush=True)
        except OSError:
            # The terminal is gone (closed window, broken pipe); the files go on.
            return
