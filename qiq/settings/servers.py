"""The host's own machines."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator

from qiq.settings.base import HostName, Section

Service = Literal[
    "http", "https", "smtp", "submission", "submissions", "imap", "imaps",
    "pop3", "pop3s", "ftp", "ssh", "panel", "webmail", "dns",
]  # fmt: skip
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value, strict=True)
    except ValueError as error:
        raise ValueError(
            f"is not an address or range ({error}); write 192.0.2.10 or 192.0.2.0/28"
        ) from error
    return value


Range = Annotated[str, AfterValidator(_network)]


class Server(Section):
    """One machine (or cluster) and the services that must answer on it."""

    id: str
    """Name used by staff, in alerts and incidents."""
    names: tuple[HostName, ...]
    """Host names customers use, the first one is the main one."""
    addresses: tuple[Range, ...]
    """Addresses or CIDR ranges that belong to it."""
    services: tuple[Service, ...]
    """Services that are meant to run; only these are checked and blamed."""

    @property
    def networks(self) -> tuple[Network, ...]:
        return networks_of(self.addresses)


@lru_cache(maxsize=1024)
def networks_of(values: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses and ranges as networks; read once, asked before every connection."""
    return tuple(ipaddress.ip_network(value) for value in values)
