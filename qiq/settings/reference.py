"""The reference page and JSON Schema of the settings, made from the models: never stale."""

from __future__ import annotations

import json
import re
from typing import Any

from qiq.settings.model import Settings

INTRO = """\
# Settings: `hosting.yml`

One file that a host edits; its path comes from `QIQ_HOSTING` (default: `hosting.yml` in the folder
where the bot starts). Unknown keys are errors. An error names the file, the line, the key, what is
wrong and the fix. Secrets never stand in the file: a key that ends in `_env` holds the *name* of an
environment variable. `docs/hosting.example.yml` is a working start; editors check the file as you
type when its first line is `# yaml-language-server: $schema=docs/hosting.schema.json`.

This page is made by `qiq settings reference`.
"""


def schema() -> str:
    """JSON Schema (draft 2020-12) of ``hosting.yml``, as text."""
    found = Settings.model_json_schema()
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "hosting.yml of the QiQ support bot"
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def reference() -> str:
    """The page ``docs/settings.md``: every key with type, default and meaning."""
    found = Settings.model_json_schema()
    definitions = found.get("$defs", {})
    parts = [INTRO]
    top = [(name, prop) for name, prop in found["properties"].items()]
    parts.append(_table("Top level", top, found.get("required", [])))
    seen: set[str] = set()
    for name, prop in top:
        for ref in _refs(prop):
            parts.extend(_sections(name, ref, definitions, seen))
    return "\n".join(parts)


def _sections(where: str, ref: str, definitions: dict[str, Any], seen: set[str]) -> list[str]:
    if ref in seen or "properties" not in definitions[ref]:
        return []
    seen.add(ref)
    model = definitions[ref]
    rows = list(model["properties"].items())
    title = f"`{where}`" + (f": {_adapter(model)}" if _adapter(model) else "")
    out = [_table(title, rows, model.get("required", []), model.get("description", ""))]
    for key, prop in rows:
        for inner in _refs(prop):
            out.extend(_sections(f"{where}.{key}", inner, definitions, seen))
    return out


def _adapter(model: dict[str, Any]) -> str:
    for key in ("adapter", "system"):
        const = model["properties"].get(key, {}).get("const")
        if const:
            return f"`{key}: {const}`"
    return ""


def _refs(prop: object) -> list[str]:
    return re.findall(r'"\$ref": "#/\$defs/(\w+)"', json.dumps(prop))


def _table(title: str, rows: list[Any], required: list[str], about: str = "") -> str:
    lines = [f"\n## {title}\n"]
    if about:
        lines.append(" ".join(about.split()) + "\n")
    lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
    for name, prop in rows:
        default = "**required**" if name in required else _default(prop)
        meaning = " ".join(str(prop.get("description", "")).split())
        lines.append(f"| `{name}` | {_type(prop)} | {default} | {meaning} |")
    return "\n".join(lines)


def _default(prop: dict[str, Any]) -> str:
    value = prop.get("default")
    if value is None:
        return "none"
    if isinstance(value, dict) or value == "":
        return "see below" if value else "empty"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _type(prop: dict[str, Any]) -> str:
    if "$ref" in prop or "oneOf" in prop:
        return "section"
    if "enum" in prop:
        return " \\| ".join(f"`{value}`" for value in prop["enum"])
    if "const" in prop:
        return f"`{prop['const']}`"
    if "anyOf" in prop:
        kinds = [_type(item) for item in prop["anyOf"] if item.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if prop.get("type") == "array":
        items = prop.get("items", {})
        return f"list of {_type(items)}" if items else "list"
    return {
        "integer": "whole number",
        "number": "number",
        "boolean": "true/false",
        "object": "map",
    }.get(str(prop.get("type")), "text")
