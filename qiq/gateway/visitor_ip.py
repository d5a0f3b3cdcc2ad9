"""The visitor's own address. X-Forwarded-For is believed only from a trusted proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.requests import HTTPConnection


def visitor_ip(connection: HTTPConnection, trusted: Sequence[str]) -> str | None:
    """The address nearest to us that is not one of our proxies; None when unknown."""
    peer = connection.client.host if connection.client else ""
    chain = [part.strip() for part in connection.headers.get("x-forwarded-for", "").split(",")]
    # Read from our end: a visitor can write anything at the other end of the header.
    for candidate in [peer, *reversed(chain)]:
        address = _address(candidate)
        if address is None:
            return None
        if not any(address in ipaddress.ip_network(net, strict=False) for net in trusted):
            return str(address)
    return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
