"""Reads the fields of one entry, and says exactly which one is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiq.knowledge.problems import Problems


class Fields:
    """One entry of one file. Every read marks the key as known; ``done`` reports the others."""

    def __init__(self, file: str, entry: str, data: object, problems: Problems) -> None:
        self.file = file
        self.entry = entry
        self.problems = problems
        self._seen: set[str] = set()
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.wrong(
                "(entry)", "is not a mapping of fields", "write 'field: value' lines below it"
            )

    def wrong(self, name: str, what: str, fix: str) -> None:
        self.problems.add(self.file, self.entry, name, what, fix)

    def _get(self, name: str) -> Any:
        self._seen.add(name)
        return self.data.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required unless a default is given."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if value is None:
            self.wrong(name, "is missing", "add it")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong(
                name,
                f"is {value!r}, not a text",
                "write a text, in quotes if it looks like a number",
            )
            return ""
        return value.strip()

    def maybe(self, name: str) -> str | None:
        """A string or nothing."""
        return self.text(name) if self._get(name) is not None else None

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of strings; one string counts as a list of one."""
        value = self._get(name)
        if value is None:
            if required:
                self.wrong(name, "is missing", "add a list")
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(i, str) and i.strip() for i in items):
            self.wrong(name, f"is {value!r}, not a list of texts", "write a list of texts")
            return ()
        if required and not items:
            self.wrong(name, "is empty", "add at least one item")
        return tuple(i.strip() for i in items)

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value and value not in allowed:
            self.wrong(name, f"is '{value}'", f"use one of {', '.join(allowed)}")
        return value

    def mapping(self, name: str) -> dict[str, str]:
        """A mapping of text to text."""
        value = self._get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            self.wrong(name, f"is {value!r}, not a mapping of texts", "write 'key: text' lines")
            return {}
        return {str(key): text for key, text in value.items()}

    def flag(self, name: str) -> bool:
        """True or false; false when missing."""
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            self.wrong(name, f"is {value!r}", "write true or false")
        return bool(value)

    def raw(self, name: str) -> Any:
        """The value as it is, for fields with a shape of their own."""
        return self._get(name)

    def done(self) -> None:
        """Reports fields nobody asked for: mostly spelling mistakes."""
        for name in self.data:
            if name not in self._seen:
                self.wrong(str(name), "is not a known field", "remove it or correct its spelling")
