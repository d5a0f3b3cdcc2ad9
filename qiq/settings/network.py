"""How checks reach the world: resolver, ports, trust, and what they may connect to."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from qiq.settings.base import EnvName, HostName, Port, Section, Url
from qiq.settings.servers import Network, Range, Service, networks_of

STANDARD_PORTS: dict[str, int] = {
    "smtp": 25, "submission": 587, "submissions": 465, "imap": 143, "imaps": 993,
    "pop3": 110, "pop3s": 995, "http": 80, "https": 443, "ftp": 21, "ssh": 22,
    "dns": 53, "panel": 2083, "webmail": 443,
}  # fmt: skip


def _address(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise ValueError(
            "is not an IP address; a resolver is named by address, not by name"
        ) from error
    return value


class Resolver(Section):
    address: Annotated[str, AfterValidator(_address)]
    port: Port = 53


class Rdap(Section):
    """Registration data (RFC 9083). Without ``url`` the check is skipped."""

    url: Url | None = None


class Vantage(Section):
    """A second place to look from: another ``qiq agent`` over HTTPS."""

    url: Url
    token_env: EnvName


class NetworkSettings(Section):
    resolvers: tuple[Resolver, ...] = ()
    """Asked for names; the system's resolvers when empty."""
    roots: tuple[Resolver, ...] = ()
    """Where examining a delegation starts; the real root servers' way when empty."""
    ports: dict[Service, Port] = Field(default_factory=dict)
    """Port really dialled per service, where it is not the standard one (a lab)."""
    allow_addresses: tuple[Range, ...] = ()
    """Exceptions to the guard that keeps checks away from inside addresses (a lab on loopback)."""
    trust_roots: Path | None = None
    """PEM file of certificate authorities used instead of the system's."""
    dnsbl: tuple[HostName, ...] = ()
    """Block lists (DNSBL zones) asked about the sending addresses."""
    rdap: Rdap = Rdap()
    vantage: Vantage | None = None
    status_feeds: tuple[Url, ...] = ()
    """Statuspage JSON feeds read for known incidents."""

    def port(self, service: str) -> int:
        """The port to dial for ``service``."""
        return self.ports.get(service, STANDARD_PORTS[service])  # type: ignore[call-overload,no-any-return]

    @property
    def allowed_networks(self) -> tuple[Network, ...]:
        return networks_of(tuple(self.allow_addresses))
