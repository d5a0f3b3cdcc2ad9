"""Reads the YAML files, once: later starts read a compiled copy, keyed by what the files hold."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

from qiq.knowledge.problems import KnowledgeError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UniqueKeys(_Loader):  # type: ignore[misc]
    """A loader that refuses the same key twice, which YAML would silently let the last win."""


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            line = key_node.start_mark.line + 1
            raise yaml.YAMLError(f"line {line}: '{key}' is there twice; remove one of them")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# Dates stay text: entries quote them as ISO dates and JSON has no date.
_UniqueKeys.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def read_all(root: Path) -> dict[str, Any]:
    """Every YAML file below ``root`` as {relative path: content}.

    Raises KnowledgeError when the folder is missing or a file is no valid YAML.
    """
    paths = sorted(root.rglob("*.yml"))
    if not paths:
        raise KnowledgeError(
            [f"{root}: no knowledge files here. Fix: give the folder that holds errors/."]
        )
    contents = {p.relative_to(root).as_posix(): p.read_bytes() for p in paths}
    cache = _cache_path(root, contents)
    cached = _read_cache(cache)
    if cached is not None:
        return cached
    # Through JSON at once, so that a first start sees exactly what later ones will see.
    text = json.dumps({name: _parse(name, data) for name, data in contents.items()})
    _write_cache(cache, text)
    return dict(json.loads(text))


def _parse(name: str, data: bytes) -> Any:
    try:
        # A subclass of the safe loader, so no objects are built.
        return yaml.load(data, Loader=_UniqueKeys)  # noqa: S506
    except yaml.YAMLError as err:
        raise KnowledgeError([f"{name}: not valid YAML: {err}. Fix: correct that line."]) from err


def _cache_path(root: Path, contents: dict[str, bytes]) -> Path:
    digest = hashlib.sha256()
    for name, data in contents.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    state = os.environ.get("QIQ_STATE")
    return (
        (Path(state) if state else root.resolve().parent / "var")
        / "cache"
        / f"knowledge-{digest.hexdigest()[:32]}.json"
    )


def _read_cache(path: Path) -> dict[str, Any] | None:
    try:
        loaded = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _write_cache(path: Path, text: str) -> None:
    """Best effort: a read-only disk only costs the next start a fraction of a second."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("knowledge-*.json"):
            old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        os.replace(file.name, path)
    except OSError:
        return
