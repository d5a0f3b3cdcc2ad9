"""Which adapter the settings ask for. A new one: a file, a settings section, a line below."""

from __future__ import annotations

from functools import lru_cache

from qiq.hosting.file import FileHosting
from qiq.hosting.model import Hosting
from qiq.settings import Settings


@lru_cache(maxsize=16)
def _file(path: str) -> FileHosting:
    from pathlib import Path

    return FileHosting(Path(path))


def adapter_for(settings: Settings) -> Hosting:
    """The adapter of ``hosting:`` in the settings."""
    chosen = settings.hosting
    if chosen.adapter == "file":
        return _file(str(settings.resolve(chosen.path)))
    raise NotImplementedError(chosen.adapter)
