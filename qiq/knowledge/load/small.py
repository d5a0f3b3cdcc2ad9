"""First-aid steps, scripts, scope, aliases and wording."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping

from qiq.knowledge.fields import Fields
from qiq.knowledge.load.files import Files
from qiq.knowledge.model import AliasEntry, Scope, Script, Step

_WHOSE = ("host", "customer", "vendor", "shared")


def load_steps(files: Files) -> dict[str, Step]:
    """Every single step by id."""
    result = {}
    for entry, f in files.entries("first_aid.yml"):
        result[entry] = Step(entry, f.text("text"), f.text("worked", ""))
        f.done()
    return result


def load_scripts(
    files: Files, steps: Mapping[str, Step], referrals: Iterable[str]
) -> dict[str, Script]:
    """Scripts by id."""
    result = {}
    for entry, f in files.entries("scripts.yml"):
        guidance = _known(f, "guidance", f.texts("guidance", required=True), steps)
        result[entry] = Script(
            entry,
            f.text("name"),
            f.text("maintained_by"),
            f.texts("host_does", required=True),
            f.texts("host_does_not", required=True),
            tuple(steps[s] for s in guidance),
            f.text("find_help"),
            _known(f, "referrals", f.texts("referrals", required=True), referrals),
        )
        f.done()
    return result


def load_scope(files: Files, referrals: Iterable[str]) -> dict[str, Scope]:
    """The policy table by topic."""
    result = {}
    for entry, f in files.entries("scope.yml"):
        result[entry] = Scope(
            entry,
            f.text("name"),
            f.choice("whose", _WHOSE),
            f.text("answer"),
            f.text("best_effort"),
            _known(f, "referrals", f.texts("referrals"), referrals),
            f.texts("aliases"),
            f.texts("intents"),
        )
        f.done()
    return result


def load_aliases(files: Files) -> dict[str, tuple[AliasEntry, ...]]:
    """Names people use, by entity type."""
    result: dict[str, tuple[AliasEntry, ...]] = {}
    for file in files.named("aliases/"):
        content = files.parsed[file]
        found = []
        for entry, data in (content.get("entries") or {}).items():
            f = Fields(file, entry, data, files.problems)
            found.append(AliasEntry(entry, f.texts("names"), f.texts("exact")))
            if not found[-1].names and not found[-1].exact:
                f.wrong("names", "is empty", "add at least one name")
            f.done()
        result[content.get("type", "")] = tuple(found)
    return result


def load_wording(files: Files) -> dict[str, tuple[str, ...]]:
    """Sentences by key; one key may have several variants."""
    result: dict[str, tuple[str, ...]] = {}
    for file in files.named("wording/"):
        content = files.parsed[file]
        f = Fields(file, "(file)", content, files.problems)
        for key in f.data:
            if key in result:
                f.wrong(key, "is in another file too", "use another key")
            result[key] = f.texts(key, required=True)
            _same_placeholders(f, key, result[key])
    return result


def _same_placeholders(f: Fields, key: str, variants: tuple[str, ...]) -> None:
    try:
        names = {frozenset(placeholders(v)) for v in variants}
    except ValueError as err:
        f.wrong(key, f"has an unfinished placeholder ({err})", "write {name}, or {{ for a brace")
        return
    if len(names) > 1:
        f.wrong(key, "has variants with different placeholders", "use the same ones in each")


def placeholders(text: str) -> tuple[str, ...]:
    """Names in braces, in order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _known(f: Fields, name: str, values: tuple[str, ...], ids: Iterable[str]) -> tuple[str, ...]:
    allowed = set(ids)
    for value in values:
        if value not in allowed and not re.fullmatch(r"\{\w+\}", value):
            f.wrong(name, f"'{value}' does not exist", "name an existing id or add it to its file")
    return tuple(v for v in values if v in allowed or v.startswith("{"))
