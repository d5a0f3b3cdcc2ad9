"""Read and validate ``hosting.yml``; every complaint names file, line, key and fix."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from qiq.settings.model import Settings

DEFAULT_PATH = "hosting.yml"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``line`` counts from 1, ``key`` is dotted: ``mail.mx.0``."""

    line: int
    key: str
    text: str


class SettingsError(Exception):
    """The settings cannot be used. ``problems`` holds them all, not only the first."""

    def __init__(self, path: Path | str, problems: Sequence[Problem]) -> None:
        self.path = str(path)
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{path}:{p.line}: {p.key}: {p.text}" for p in problems))


def load(path: str | os.PathLike[str] | None = None) -> Settings:
    """Settings from ``path``, else from ``QIQ_HOSTING``, else ``hosting.yml`` here.

    Raises ``SettingsError`` with every problem found.
    """
    file = Path(path or os.environ.get("QIQ_HOSTING") or DEFAULT_PATH)
    node, data = _parse(file)
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(file, _problems(node, error)) from error
    settings._path = file.resolve()
    return settings


def _parse(file: Path) -> tuple[yaml.Node | None, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        fix = "there is no such file; set QIQ_HOSTING or copy docs/hosting.example.yml"
        raise SettingsError(file, [Problem(1, "(file)", fix)]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(file, [Problem(1, "(file)", f"cannot be read: {error}")]) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_doubled_keys(file, node)
        return node, yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        text = f"is not YAML: {error.problem}; check indentation, colons and quotes there"
        raise SettingsError(file, [Problem(line, "(syntax)", text)]) from error


def _refuse_doubled_keys(file: Path, node: yaml.Node | None, where: str = "") -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            dotted = f"{where}{key.value}"
            if key.value in seen:
                text = f"is given twice (first in line {seen[key.value]}); remove one"
                raise SettingsError(file, [Problem(line, dotted, text)])
            seen[key.value] = line
            _refuse_doubled_keys(file, value, f"{dotted}.")
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _refuse_doubled_keys(file, value, f"{where}{index}.")


def _problems(root: yaml.Node | None, error: ValidationError) -> list[Problem]:
    items = error.errors()
    # A list with one bad entry is also reported as too short: only the entry is news.
    parents = {item["loc"][:depth] for item in items for depth in range(len(item["loc"]))}
    return [
        _problem(root, i) for i in items if not (i["type"] == "too_short" and i["loc"] in parents)
    ]


def _problem(root: yaml.Node | None, item: Any) -> Problem:
    location = [part for part in item["loc"] if not _is_union_tag(part)]
    key = ".".join(str(part) for part in location) or "(file)"
    return Problem(_line(root, location), key, _words(item, location))


def _is_union_tag(part: object) -> bool:
    return part in {"file", "whm", "directadmin", "webhook", "whmcs", "zammad"}


def _line(node: yaml.Node | None, location: Sequence[str | int]) -> int:
    line = node.start_mark.line + 1 if node else 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value)
        ):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _words(item: Any, location: Sequence[str | int]) -> str:
    kind, given = item["type"], item.get("input")
    if location and str(location[-1]).endswith("_env"):
        given = None  # may be a secret somebody put there by mistake: never repeated
    if kind == "extra_forbidden":
        return _unknown_key(location)
    if kind == "missing":
        return "is missing; add it"
    if kind == "value_error":
        shown = f"{given!r} " if isinstance(given, str | int | float) else ""
        return f"{shown}{item['ctx']['error']}"
    shown = f" (got {given!r})" if isinstance(given, str | int | float | bool) else ""
    return f"{item['msg'][0].lower()}{item['msg'][1:]}{shown}"


def _unknown_key(location: Sequence[str | int]) -> str:
    known = _known_keys(Settings, location[:-1])
    close = difflib.get_close_matches(str(location[-1]), known, n=1)
    if close:
        return f"is not a known key; did you mean {close[0]!r}?"
    return f"is not a known key; remove it, or use one of: {', '.join(sorted(known)) or 'none'}"


def _known_keys(model: Any, location: Sequence[str | int]) -> list[str]:
    models = [model]
    for part in location:
        if isinstance(part, int):
            continue
        found: list[Any] = []
        for one in models:
            field = one.model_fields.get(part)
            if field is not None:
                found.extend(_models_in(field.annotation))
        models = found
    return [name for one in models for name in one.model_fields]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for arg in getattr(annotation, "__args__", ()) for model in _models_in(arg)]
