"""Placeholder classes: fit to inherit from, to annotate with and to name, not to use."""

from __future__ import annotations

from typing import Any

from bot.no_tensorflow.errors import missing


class Placeholder(type):
    """Metaclass of everything the stand-in offers: calling such a class is a real use."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = placeholder(f"{cls._path}.{name}")
        setattr(cls, name, value)
        return value

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise missing(cls._path, cls)

    def __bool__(cls) -> bool:
        return True


def placeholder(path: str) -> Any:
    """A class that stands for the TensorFlow object at `path`, such as `tensorflow.keras.Model`."""
    return Placeholder(path.rpartition(".")[2], (), {"_path": path, "__module__": path})
