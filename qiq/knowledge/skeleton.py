"""Turns errors that nobody has described into entries for ``knowledge/errors``, to be completed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import yaml

from qiq.knowledge.match.unknown import battery_of

_HEAD = """\
# Errors customers met that knowledge/errors does not explain. Fill in every empty field, put the
# entry into the file of its kind, and let `python -m qiq.knowledge` say what is still missing.
"""
_GROUPS = {"mail": "svc_ports", "web": "http_probe", "ftp": "ftp_passive"}
_MASK = re.compile(r"\\\((?:web\\ address|e\\-mail\\ address|IP\\ address|domain)\\\)")


class Kept(Protocol):
    """What is known of such an error; ``qiq.desk.unknown.KeptError`` is one."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def host(self) -> str | None: ...
    @property
    def port(self) -> int | None: ...
    @property
    def protocol(self) -> str | None: ...
    @property
    def code_class(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def first_at(self) -> datetime: ...
    @property
    def last_at(self) -> datetime: ...


def skeleton(errors: Iterable[Kept]) -> str:
    """YAML with an entry per error; what cannot be known from the error itself is left empty."""
    return _HEAD + "".join(f"\n# {_seen(e)}\n{_dump({_name(e): _entry(e)})}" for e in errors)


def where(error: Kept) -> str:
    """What could be read beside it: protocol, host, port, and class of the code."""
    parts = (
        (error.protocol or "").upper(),
        error.host or "",
        f"port {error.port}" if error.port else "",
        error.code_class,
    )
    return ", ".join(part for part in parts if part)


def _seen(error: Kept) -> str:
    days = f"{error.first_at:%Y-%m-%d} to {error.last_at:%Y-%m-%d}"
    return ", ".join(x for x in (f"seen {error.count} x", days, where(error)) if x)


def _name(error: Kept) -> str:
    words = re.findall(r"[a-z0-9]+", error.text.lower())
    return "-".join(words)[:40].strip("-") or error.id


def _entry(error: Kept) -> dict[str, Any]:
    group = _GROUPS.get(battery_of(error.protocol) or "")
    return {
        "product": "",
        "meaning": "",
        **_finds(error),
        "examples": [error.text if error.kind != "reply" else f"SMTP error: {error.text} "],
        "usual_side": "",
        "host_checks": [group] if group else [],
        "first_aid": [],
        "refer_to": [],
        "confidence": "unverified",
        "sources": [],
    }


def _finds(error: Kept) -> dict[str, Any]:
    """The pattern: a status code only where the words around it fit, all else anywhere."""
    text = re.escape(error.text)
    if error.kind in ("dsn", "reply"):
        by = "dsn" if error.kind == "dsn" else "smtp"
        return {"in_context": {by: [rf"\b{text}\b"]}}
    # Addresses differ from customer to customer; spaces may be line ends.
    text = _MASK.sub(r"\\S+", text).replace(r"\ ", r"\s+")
    return {"patterns": [f"(?i){text}" if error.kind == "hex" else text]}


def _dump(entry: dict[str, Any]) -> str:
    return yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100)
