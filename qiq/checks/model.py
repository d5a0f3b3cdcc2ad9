"""Facts that checks return. Probes fill these in, verdicts read them; no socket is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Status(StrEnum):
    """What became of one check. An ``ERROR`` is our own failure and is never read as a pass."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    ERROR = "error"


def _frozen(value: Mapping[str, str] | None = None) -> Mapping[str, str]:
    return MappingProxyType(dict(value or {}))


@dataclass(frozen=True)
class Finding:
    """A named cause with its arguments: ``mail.imap.refused``, ``{"host": …, "port": …}``."""

    code: str
    args: Mapping[str, str] = field(default_factory=_frozen)


@dataclass(frozen=True)
class CheckResult:
    """The result of one check against one target.

    ``id`` is the check's stable name (``mail.imaps.connect``), ``target`` what it looked at
    (``mail.example.com:993``), ``reason`` why it was skipped or could not run, ``ms`` wall time.
    ``facts`` are bounded, printable details for staff; never a secret. ``required`` means that
    nothing may be called fine without it; ``own`` that it looked at the host's own service.
    """

    id: str
    target: str
    status: Status
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    ms: int = 0
    required: bool = False
    own: bool = False


@dataclass(frozen=True)
class Target:
    """What a battery looks at.

    ``domain`` is the registrable name in IDNA A-label form, ``host`` the name the customer gave
    (A-label), ``url_path`` begins with a slash. ``visitor_ip`` may only be held against the
    host's firewall for that same visitor. ``verified`` tells whether account facts of ``domain``
    may be told to this visitor.
    """

    domain: str
    host: str = ""
    url_path: str = "/"
    email: str | None = None
    visitor_ip: str | None = None
    verified: bool = False
    seen_issuer: str | None = None
    named_server: str | None = None
    service: str = ""
