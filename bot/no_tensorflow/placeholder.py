"""Placeholder classes: fit to inherit from, to annotate with and to name, not to use."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

# Makes the error for a use of the object at a path; the class is the placeholder or its subclass.
Fail = Callable[[str, "type | None"], Exception]


class Placeholder(type):
    """Metaclass of everything a stand-in offers: calling such a class is a real use."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = placeholder(f"{cls._path}.{name}", cls._fail)
        setattr(cls, name, value)
        return value

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise cls._fail(cls._path, cls)

    def __bool__(cls) -> bool:
        return True


class StandInModule(ModuleType):
    """A module in which every public name exists and is a placeholder."""

    def __init__(self, name: str, fail: Fail) -> None:
        super().__init__(name)
        self._fail = fail

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = placeholder(f"{self.__name__}.{name}", self._fail)
        setattr(self, name, value)
        return value


def placeholder(path: str, fail: Fail) -> Any:
    """A class that stands for the object at `path`, such as `tensorflow.keras.Model`."""
    body = {"_path": path, "_fail": staticmethod(fail), "__module__": path}
    return Placeholder(path.rpartition(".")[2], (), body)
