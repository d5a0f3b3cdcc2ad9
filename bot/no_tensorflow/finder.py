"""Finds modules below TensorFlow's package names and fills them with placeholders."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from bot.no_tensorflow.errors import missing
from bot.no_tensorflow.placeholder import StandInModule

PACKAGES = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons")
# Only Rasa is fooled: thinc and others import TensorFlow to find out whether it is there.
SERVED = ("rasa",)


class StandInFinder(MetaPathFinder, Loader):
    """Last on `sys.meta_path`, so that an installed package always wins."""

    def __init__(self, absent: Sequence[str]) -> None:
        self.absent = frozenset(absent)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> Any:
        if fullname.partition(".")[0] not in self.absent:
            return None
        if not _asked_by_rasa():
            raise missing(fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> StandInModule:
        return StandInModule(spec.name, missing)

    def exec_module(self, module: ModuleType) -> None:
        """A placeholder module has no code to run."""


def _asked_by_rasa() -> bool:
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if not name.startswith(("importlib", "bot.no_tensorflow")):
            return name.partition(".")[0] in SERVED
        frame = frame.f_back
    return False
