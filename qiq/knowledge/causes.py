"""The catalogue of causes: what each code means, for the customer and for staff.

Read from ``knowledge/causes/*.yml`` and ``knowledge/severity.yml``; knows nothing of checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

VERDICTS = (
    "host_fault", "account", "dns", "third_party", "all_clear", "inconclusive", "not_hosted",
)  # fmt: skip
PARTIES = (
    "host", "customer_account", "dns", "client_software", "antivirus_firewall", "network_isp",
    "recipient_server", "script", "unknown",
)  # fmt: skip
CERTAINTIES = ("proven", "likely", "unknown")
FIELDS = {
    "each", "verdict", "party", "certainty", "title", "customer", "staff", "next_steps",
    "referrals",
}  # fmt: skip


class CauseError(ValueError):
    """The catalogue cannot be used; names file, cause, field, what is wrong and the fix."""


@dataclass(frozen=True)
class Cause:
    """One code. Texts hold ``{arguments}`` that a finding fills.

    ``referrals`` are ids of ``knowledge/referrals``; ``refer_by_party`` leaves the choice to the
    party and to what the customer named. Neither means: explicitly nobody else. ``explains`` are
    globs of causes that follow from this one. ``speaks`` are the intents (or ``any``) for which a
    mere warning of this cause becomes the verdict.
    """

    code: str
    verdict: str
    party: str
    certainty: str
    severity: int
    title: str
    customer: str
    staff: str
    next_steps: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    refer_by_party: bool = False
    explains: tuple[str, ...] = field(default=())
    speaks: tuple[str, ...] = ()


def load_causes(root: Path) -> Mapping[str, Cause]:
    """Every cause under ``root`` (the ``knowledge`` folder). Raises ``CauseError``."""
    severities, explains, speaks = _severity(root / "severity.yml")
    causes: dict[str, Cause] = {}
    for path in sorted((root / "causes").glob("*.yml")):
        for code, entry in _read(path).items():
            for one in _expand(path, code, entry):
                if one["code"] in causes:
                    raise CauseError(f"{path}: {one['code']}: is given twice; remove one")
                cause = _cause(path, one, severities, explains)
                causes[cause.code] = replace(cause, speaks=speaks.get(cause.code, ()))
    unknown = (set(severities) | set(speaks) | set(explains)) - set(causes)
    if unknown:
        raise CauseError(f"{root / 'severity.yml'}: {min(unknown)}: no such cause; remove the line")
    return causes


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CauseError(f"{path}: cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise CauseError(f"{path}: must be a mapping of codes")
    return data


Lists = dict[str, tuple[str, ...]]


def _severity(path: Path) -> tuple[dict[str, int], Lists, Lists]:
    data = _read(path)
    levels: dict[str, int] = {}
    for level, codes in (data.get("levels") or {}).items():
        for code in codes:
            if code in levels:
                raise CauseError(f"{path}: {code}: has two severities; keep one")
            levels[code] = int(level)
    return levels, _lists(data, "explains"), _lists(data, "speaks")


def _lists(data: dict[str, Any], name: str) -> Lists:
    found = data.get(name) or {}
    return {key: (v,) if isinstance(v, str) else tuple(v) for key, v in found.items()}


def _expand(path: Path, code: str, entry: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(entry, dict):
        raise CauseError(f"{path}: {code}: must be a mapping")
    extra = set(entry) - FIELDS
    if extra:
        raise CauseError(
            f"{path}: {code}: {min(extra)}: is not a known field; use {sorted(FIELDS)}"
        )
    each = entry.get("each")
    if ("{each}" in code) != bool(each):
        raise CauseError(f"{path}: {code}: 'each' and '{{each}}' in the code belong together")
    if not each:
        yield {**entry, "code": code}
        return
    for key, spoken in each.items():
        yield {**_spoken(entry, spoken), "code": code.replace("{each}", key)}


def _spoken(value: Any, spoken: str) -> Any:
    if isinstance(value, str):
        return value.replace("{service}", spoken)
    if isinstance(value, list):
        return [_spoken(item, spoken) for item in value]
    if isinstance(value, dict):
        return {key: _spoken(item, spoken) for key, item in value.items() if key != "each"}
    return value


def _cause(
    path: Path,
    entry: dict[str, Any],
    severities: dict[str, int],
    explains: dict[str, tuple[str, ...]],
) -> Cause:
    code = entry["code"]

    def wrong(name: str, what: str) -> CauseError:
        return CauseError(f"{path}: {code}: {name}: {what}")

    for name, allowed in (("verdict", VERDICTS), ("party", PARTIES)):
        if entry.get(name) not in allowed:
            raise wrong(name, f"is {entry.get(name)!r}; use one of {', '.join(allowed)}")
    if entry.get("certainty", "proven") not in CERTAINTIES:
        raise wrong("certainty", f"use one of {', '.join(CERTAINTIES)}")
    for name in ("title", "customer", "staff"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise wrong(name, "is missing; write a sentence")
    if not isinstance(entry.get("next_steps"), list):
        raise wrong("next_steps", "is missing; write a list, [] when there are none")
    referrals = entry.get("referrals")
    if referrals != "party" and not isinstance(referrals, list):
        raise wrong("referrals", "is missing; write a list of ids, [] for none, or 'party'")
    if code not in severities:
        raise CauseError(f"{path.parent.parent / 'severity.yml'}: {code}: has no severity; add it")
    return Cause(
        code=code, verdict=entry["verdict"], party=entry["party"],
        certainty=entry.get("certainty", "proven"), severity=severities[code],
        title=entry["title"], customer=entry["customer"], staff=entry["staff"],
        next_steps=tuple(entry["next_steps"]),
        referrals=() if referrals == "party" else tuple(referrals or ()),
        refer_by_party=referrals == "party",
        explains=explains.get(code, ()),
    )  # fmt: skip
