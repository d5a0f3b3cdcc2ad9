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
    """What the customer says is wrong: intent of the taxonomy and what was named or implied."""

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


@dataclass(frozen=True)
class Verdict:
    """Whose side the fault is on. ``cause`` is a code of ``knowledge/causes``; ``args`` fill its texts."""

    code: Code
    party: Party
    certainty: Certainty
    cause: str
    args: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[CheckResult, ...] = ()
    also: tuple[str, ...] = ()
