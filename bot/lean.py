"""Serve without what serving never uses: half of a start's time is spent importing it.

Rasa imports every channel, tracker store, plot and test helper it has. In the server's process the
modules below are placeholders that raise `NotInThisServer` when something does use them after all.
Every other command (`train`, `test`, ...) has them all.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from bot.no_tensorflow.placeholder import StandInModule

CHANNELS = "rasa.core.channels"
# Modules of Rasa for training, testing and plotting, and libraries that only Rasa's other tracker
# stores and the console import.
UNUSED = frozenset(
    {
        f"{CHANNELS}.console",
        "rasa.core.test",
        "rasa.nlu.test",
        "rasa.utils.plotting",
        "rasa.utils.tensorflow.data_generator",
        "rasa.utils.tensorflow.model_data",
        "boto3",
        "botocore",
        "pymongo",
    }
)
# In place of the package's own start, which imports fifteen messengers' libraries.
CHANNELS_SOURCE = """
from rasa.core.channels.channel import (
    CollectingOutputChannel, InputChannel, OutputChannel, UserMessage,
)
BUILTIN_CHANNELS = {}
"""


class NotInThisServer(RuntimeError):
    """A module that bot/lean.py leaves out was used; take it off the list there."""


def install() -> None:
    """Call it before the first import of `rasa`."""
    if not any(isinstance(finder, LeanFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, LeanFinder())


class LeanFinder(MetaPathFinder, Loader):
    """First on `sys.meta_path`: these modules are there, and still not loaded."""

    def find_spec(self, fullname: str, path: Any = None, target: object = None) -> Any:
        if fullname == CHANNELS:
            spec = PathFinder.find_spec(fullname, path)
            if spec is not None:
                spec.loader = self
            return spec
        if _unused(fullname):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None if spec.name == CHANNELS else StandInModule(spec.name, _not_here)

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == CHANNELS:
            exec(CHANNELS_SOURCE, module.__dict__)  # noqa: S102 - the text above


def _unused(fullname: str) -> bool:
    return fullname in UNUSED or fullname.partition(".")[0] in UNUSED


def _not_here(path: str, used: type | None = None) -> Exception:
    return NotInThisServer(f"{path} is left out of the server; see bot/lean.py")
