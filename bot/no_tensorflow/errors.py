"""The one error of the stand-in: who wanted TensorFlow, what for, and how to get it."""

from __future__ import annotations

import sys

FIX = "To put TensorFlow back run `make tensorflow`; docs/dependencies.md says what it costs."


def missing(path: str, used: type | None = None) -> Exception:
    """The `TensorFlowMissing` to raise for a use of `path` (a subclass of it: `used`)."""
    # Rasa is imported by now, or its caller is on the way to be; importing it earlier would
    # load the very modules that the stand-in has to be in place for.
    from bot.no_tensorflow.missing import TensorFlowMissing

    what = f"{used.__module__}.{used.__qualname__}" if used and used.__module__ != path else path
    return TensorFlowMissing(f"{_caller()} needs TensorFlow ({what}), not installed here. {FIX}")


def _caller() -> str:
    """Name and line of the code outside this package that the call came from."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        name = frame.f_globals.get("__name__", "?")
        if not name.startswith(("bot.no_tensorflow", "importlib")):
            owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
            owner_type = owner if isinstance(owner, type) else type(owner)
            inside = f"{owner_type.__name__}." if owner is not None else ""
            return f"{name}: {inside}{frame.f_code.co_name} (line {frame.f_lineno})"
        frame = frame.f_back
    return "the main program"
