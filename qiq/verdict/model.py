"""The verdict's own words: codes that programs outside the repo read (contract, never reused)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qiq.checks.model import CheckResult


class Code(StrEnum):
    HOST_FAULT = "host_fault"
    ACCOUNT = "account"
    DNS = "dns"
    THIRD_PARTY = "third_party"
    ALL_CLEAR = "all_clear"
    INCONCLUSIVE = "inconclusive"
    NOT_HOSTED = "not_hosted"


class Party(StrEnum):
    HOST = "host"
    CUSTOMER_ACCOUNT = "customer_account"
    DNS = "dns"
    CLIENT_SOFTWARE = "client_software"
    ANTIVIRUS_FIREWALL = "antivirus_firewall"
    NETWORK_ISP = "network_isp"
    RECIPIENT_SERVER = "recipient_server"
    SCRIPT = "script"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    PROVEN = "proven"
    LIKELY = "likely"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Complaint:
    """What the customer says is wrong: intent of the taxonomy and what was named or implied.

    ``error_sides`` are the usual sides (parties) of the errors quoted, ``seen_issuer`` the issuer
    a certificate warning named, ``named_server`` the server name set in the customer's program.
    """

    intent: str
    text: str = ""
    client: str | None = None
    os: str | None = None
    antivirus: str | None = None
    app: str | None = None
    browser: str | None = None
    isp: str | None = None
    error_ids: tuple[str, ...] = ()
    protocol: str | None = None
    port: int | None = None
    error_sides: tuple[str, ...] = ()
    seen_issuer: str | None = None
    named_server: str | None = None
    device: str | None = None


@dataclass(frozen=True)
class Verdict:
    """Whose side the fault is on. ``cause`` is a code of ``knowledge/causes``, with its args."""

    code: Code
    party: Party
    certainty: Certainty
    cause: str
    args: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[CheckResult, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """Who is asking: whether account facts may be looked at and told."""

    verified: bool = False


@dataclass(frozen=True)
class Incident:
    """A known problem that is open. ``server`` is an id of ``hosting.yml``, empty for all."""

    title: str
    server: str = ""
    services: tuple[str, ...] = ()
