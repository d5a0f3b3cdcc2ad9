"""Where checks may connect. Asked with the resolved address, right before the socket is opened."""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass

from qiq.settings import Settings

log = logging.getLogger("qiq.checks.guard")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NEVER_V6 = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",  # IPv4-compatible, RFC 4291 section 2.5.5.1
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 2765
        "64:ff9b::/96",  # NAT64, RFC 6052
        "64:ff9b:1::/48",  # local NAT64, RFC 8215
        "100::/64",  # discard, RFC 6666
        "2001::/32",  # Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # SRv6 SIDs, RFC 9602
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
)
NEVER_V4 = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT, and Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata, on a public address
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF, and Oracle's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)


class Refused(Exception):
    """The guard says no. ``reason`` is for staff only; customers never learn which it was."""

    def __init__(self, address: str, port: int, reason: str) -> None:
        super().__init__(f"{address}:{port}: {reason}")
        self.address, self.port, self.reason = address, port, reason


@dataclass(frozen=True)
class Vetted:
    """An address and port that may be dialled. Only the guard makes these."""

    address: str
    port: int
    own: bool


class Guard:
    """The address policy of one set of settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ports = _ports(settings)

    def own(self, address: str) -> bool:
        """Whether ``address`` belongs to the host's servers."""
        ip = parse(address)
        return ip is not None and self._settings.server_of(str(ip)) is not None

    def reachable(self, address: str) -> bool:
        """Whether the policy would allow ``address`` at all (without a log line)."""
        ip = parse(address)
        return ip is not None and self._why_not(ip) is None

    def vet(self, address: str, port: int) -> Vetted:
        """``address`` and ``port`` if they may be dialled. Raises ``Refused`` and logs it."""
        ip = parse(address)
        if ip is None:
            raise self._refuse(address, port, "is not a plain IP address")
        reason = self._why_not(ip)
        if reason:
            raise self._refuse(address, port, reason)
        if port not in self._ports:
            raise self._refuse(address, port, "is not a port that checks may dial")
        return Vetted(str(ip), port, self.own(str(ip)))

    def _why_not(self, ip: Address) -> str | None:
        if self._settings.server_of(str(ip)) is not None:
            return None
        if any(
            ip.version == net.version and ip in net
            for net in self._settings.network.allowed_networks
        ):
            return None
        never = NEVER_V4 if ip.version == 4 else NEVER_V6
        if any(ip in net for net in never):
            return "is in a range that is never dialled"
        return None if ip.is_global else "is not a public address"

    @staticmethod
    def _refuse(address: str, port: int, reason: str) -> Refused:
        log.warning("refused to connect to %.80r port %s: %s", address, port, reason)
        return Refused(address, port, reason)


def parse(text: str) -> Address | None:
    """A canonical address; None for anything that needs interpreting (octal, zone id, names)."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if ip.version == 6 and ip.scope_id else ip


def _ports(settings: Settings) -> frozenset[int]:
    network = settings.network
    services = {service for server in settings.servers for service in server.services}
    services |= {"http", "https", "smtp", "dns"}
    fixed = {network.port(service) for service in services}
    return frozenset(fixed)
