"""Which adapter the settings ask for. A new one: a file, a settings section, a line below."""

from __future__ import annotations

from qiq.hosting.directadmin import DirectAdminHosting
from qiq.hosting.file import FileHosting
from qiq.hosting.model import Hosting
from qiq.hosting.whm import WhmHosting
from qiq.settings import Settings
from qiq.settings.hosting import DirectAdminAdapter, FileAdapter, WhmAdapter

_MADE: dict[tuple[str, str], Hosting] = {}


def adapter_for(settings: Settings) -> Hosting:
    """The adapter of ``hosting:`` in the settings; one for each file of settings."""
    key = (str(settings.path), settings.hosting.model_dump_json())
    if key not in _MADE:
        _MADE[key] = _make(settings)
    return _MADE[key]


def _make(settings: Settings) -> Hosting:
    match settings.hosting:
        case FileAdapter(path=path):
            return FileHosting(settings.resolve(path))
        case WhmAdapter() as chosen:
            return WhmHosting(chosen, settings)
        case DirectAdminAdapter() as chosen:
            return DirectAdminHosting(chosen, settings)
