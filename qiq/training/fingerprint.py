"""A number that changes when the model would."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

# What a model is made from: texts and rules, the components that learn from them, the name lists
# that these read, and the libraries they are built on.
SOURCES = (
    "config.yml",
    "domain.yml",
    "data",
    "bot/nlu",
    "knowledge",
    "qiq/text",
    "qiq/knowledge",
    "requirements/rasa.lock",
)
IGNORED = frozenset({"__pycache__", ".ruff_cache", ".mypy_cache"})


def fingerprint(root: Path) -> str:
    """Sixteen hexadecimal digits over names and contents of all sources below `root`."""
    digest = hashlib.sha256()
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = root / source
        if path.is_file():
            yield path
        else:
            found = (one for one in path.rglob("*") if one.is_file())
            yield from sorted(one for one in found if not IGNORED.intersection(one.parts))
