"""Labelled messages to measure on: one JSON object a line."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import yaml

ENVIRONMENT = "QIQ_EVALUATION_DATA"
DEFAULT = Path("../shared/data/real_complaints_dev.jsonl")


class DatasetError(Exception):
    """The file is missing or a line of it is no labelled message."""


@dataclass(frozen=True)
class Row:
    """One message: ``accept`` lists every intent counted as right, ``entities`` (type, written)."""

    id: str
    text: str
    intent: str
    accept: tuple[str, ...]
    entities: tuple[tuple[str, str], ...]


def find(option: str | None) -> Path:
    """Return the path: the option, else the environment variable, else the default."""
    path = Path(option or os.environ.get(ENVIRONMENT) or DEFAULT)
    if not path.is_file():
        raise DatasetError(
            f"{path} does not exist: name the labelled messages with --data or {ENVIRONMENT}."
        )
    return path


def load(path: Path) -> list[Row]:
    """Read all rows. Raises DatasetError naming the line and what is wrong with it."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DatasetError(
                f"{path}, line {number}: needs id, text, intent ({error!r}): correct that line."
            ) from error
    if not rows:
        raise DatasetError(f"{path} holds no messages: name another file with --data.")
    return rows


def load_held_out(path: Path) -> list[Row]:
    """Read our own messages from YAML: ``intent``, ``text``, perhaps ``accept``.

    Raises DatasetError naming the message that is wrong.
    """
    rows = []
    for number, raw in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or (), 1):
        try:
            rows.append(_row({"id": f"held-{number:04}", **raw}))
        except (KeyError, TypeError, AttributeError) as error:
            raise DatasetError(
                f"{path}, message {number}: needs intent, text ({error!r}): correct it."
            ) from error
    return rows


def _row(raw: dict[str, object]) -> Row:
    entities = raw.get("entities") or {}
    pairs = []
    for kind, written in entities.items():  # type: ignore[attr-defined]
        for one in written if isinstance(written, list) else [written]:
            pairs.append((str(kind), str(one)))
    intent = str(raw["intent"])
    accept = raw.get("accept") or [intent]
    return Row(
        id=str(raw["id"]),
        text=str(raw["text"]),
        intent=intent,
        accept=tuple(str(name) for name in accept),  # type: ignore[attr-defined]
        entities=tuple(pairs),
    )
