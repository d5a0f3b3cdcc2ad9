"""Logs without anything a customer typed: ids, types and places, never values."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class SafeFormatter(logging.Formatter):
    """An exception's own words may quote a message or an address, so only its type is kept."""

    def formatException(self, ei: _ExcInfo) -> str:
        kind, error, _ = ei
        if kind is None or error is None:
            return ""
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([f"{kind.__module__}.{kind.__qualname__}", *places])


def set_up(level: int = logging.INFO) -> None:
    """One handler on stderr for the whole process; requests and their addresses stay out."""
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    quiet()


def quiet() -> None:
    """Libraries that log addresses of visitors or of requests say only what went wrong."""
    for name in (
        "uvicorn.error",
        "httpx",
        "httpcore",
        "alembic",
        "uvicorn.access",
        "multipart",
        "websockets",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
