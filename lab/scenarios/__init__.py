"""Named faults: one YAML file each, loaded into frozen dataclasses.

``load()`` gives all of them by name (``mail/imap-refused``). ``ScenarioError`` names file and key.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

AREAS = ("dns", "web", "tls", "mail", "account", "ftp", "reputation", "network")
VERDICTS = frozenset(
    ["host_fault", "account", "dns", "third_party", "all_clear", "inconclusive", "not_hosted"]
)
_KEYS = {"title", "description", "faults", "complaint", "expect", "near_miss"}
_OPTIONAL = {"may", "aliases", "demo"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where it is there: two hundred files in a fifth of a second."""


class ScenarioError(ValueError):
    """A scenario file that is incomplete or says something unknown."""


@dataclass(frozen=True)
class Grievance:
    """What the pretend customer says. ``domain`` may be a Unicode name; the rest is optional."""

    intent: str
    domain: str
    email: str | None = None
    url: str | None = None
    client: str | None = None
    antivirus: str | None = None
    app: str | None = None
    isp: str | None = None
    browser: str | None = None
    os: str | None = None
    visitor_ip: str | None = None
    verified: bool = False
    seen_issuer: str | None = None
    named_server: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Expectation:
    """The verdict that must come out, and the cause where one is named."""

    verdict: str
    cause: str | None = None


@dataclass(frozen=True)
class NearMiss:
    """Something alike that must not give the scenario's verdict for the scenario's cause."""

    description: str
    faults: tuple[Mapping[str, Any], ...]
    expect: Expectation
    complaint: Grievance
    may: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """``may`` lists further verdict codes that are right too; every other one is forbidden."""

    name: str
    title: str
    description: str
    faults: tuple[Mapping[str, Any], ...]
    complaint: Grievance
    expect: Expectation
    near_miss: NearMiss
    may: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    demo: bool = False

    @property
    def area(self) -> str:
        return self.name.partition("/")[0]


@functools.cache
def load(root: Path | None = None) -> Mapping[str, Scenario]:
    """All scenarios by ``area/name``, in order of name."""
    folder = root or Path(__file__).parent
    found = {}
    for path in sorted(folder.glob("*/*.yml")):
        name = f"{path.parent.name}/{path.stem}"
        found[name] = _scenario(name, path)
    return MappingProxyType(found)


def find(name: str, scenarios: Mapping[str, Scenario] | None = None) -> Scenario:
    """A scenario by full name, alias, or short name when only one has it."""
    known = load() if scenarios is None else scenarios
    if name in known:
        return known[name]
    hits = [s for s in known.values() if name in s.aliases]
    hits = hits or [s for s in known.values() if s.name.partition("/")[2] == name]
    if len(hits) == 1:
        return hits[0]
    if hits:
        both = ", ".join(s.name for s in hits)
        raise ScenarioError(f"{name!r} could be any of {both}; give the full name")
    raise ScenarioError(f"there is no scenario {name!r}; `qiq lab list` shows them all")


def _scenario(name: str, path: Path) -> Scenario:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - safe
    except yaml.YAMLError as error:
        raise ScenarioError(f"{name}: not YAML: {error}") from error
    if not isinstance(data, dict) or (missing := _KEYS - data.keys()):
        gone = "a mapping" if not isinstance(data, dict) else ", ".join(sorted(missing))
        raise ScenarioError(f"{name}: needs {gone}")
    if unknown := data.keys() - _KEYS - _OPTIONAL:
        raise ScenarioError(f"{name}: unknown key {', '.join(sorted(unknown))}")
    complaint = _grievance(name, data["complaint"], None)
    return Scenario(
        name=name,
        title=str(data["title"]),
        description=str(data["description"]),
        faults=_faults(name, data["faults"]),
        complaint=complaint,
        expect=_expectation(name, data["expect"]),
        near_miss=_near_miss(name, data["near_miss"], complaint),
        may=_verdicts(name, data.get("may", [])),
        aliases=tuple(str(alias) for alias in data.get("aliases", [])),
        demo=bool(data.get("demo", False)),
    )


def _faults(name: str, value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ScenarioError(f"{name}: faults must be a list of mappings")
    return tuple(value)


def _grievance(name: str, data: object, base: Grievance | None) -> Grievance:
    if not isinstance(data, dict):
        raise ScenarioError(f"{name}: complaint must be a mapping")
    start = dict(vars(base)) if base else {}
    try:
        return Grievance(**{**start, **data})
    except TypeError as error:
        raise ScenarioError(f"{name}: complaint: {error}") from error


def _verdicts(name: str, values: object) -> tuple[str, ...]:
    codes = tuple(values) if isinstance(values, list) else (values,)
    for code in codes:
        if code not in VERDICTS:
            raise ScenarioError(f"{name}: {code!r} is no verdict code ({', '.join(VERDICTS)})")
    return codes


def _expectation(name: str, data: object) -> Expectation:
    if not isinstance(data, dict) or "verdict" not in data:
        raise ScenarioError(f"{name}: expect needs a verdict")
    _verdicts(name, [data["verdict"]])
    return Expectation(data["verdict"], data.get("cause"))


def _near_miss(name: str, data: object, complaint: Grievance) -> NearMiss:
    if not isinstance(data, dict) or not {"description", "faults", "expect"} <= data.keys():
        raise ScenarioError(f"{name}: near_miss needs description, faults and expect")
    return NearMiss(
        description=str(data["description"]),
        faults=_faults(name, data["faults"]),
        expect=_expectation(name, data["expect"]),
        complaint=_grievance(name, data.get("complaint", {}), complaint),
        may=_verdicts(name, data.get("may", [])),
    )
