"""Puts a host's own mail settings into a guide, in the words of the customer's program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from qiq.knowledge.model import MailClient


class MailServer(Protocol):
    """One way in or out, as in ``mail.incoming`` and ``mail.outgoing`` of ``hosting.yml``."""

    @property
    def protocol(self) -> str: ...

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def security(self) -> str: ...


def security_word(security: str) -> str:
    """``tls``, ``starttls`` and ``none`` as most programs name them."""
    return {"tls": "SSL/TLS", "starttls": "STARTTLS"}.get(str(security), "no encryption")


def security_name(client: MailClient | None, security: str) -> str:
    """What this program calls it; without a program the usual word."""
    names = client.security_names if client else {}
    return names.get(str(security)) or security_word(security)


def settings_card(
    incoming: Sequence[MailServer], outgoing: Sequence[MailServer], user: str | None
) -> dict[str, Any]:
    """The ``settings`` payload: what to enter, for any program."""
    servers = [
        {"protocol": str(s.protocol), "host": s.host, "port": s.port, "security": str(s.security)}
        for s in (*incoming, *outgoing)
    ]
    return {"type": "settings", "user": user, "servers": servers}


def setup_values(
    client: MailClient,
    incoming: Sequence[MailServer],
    outgoing: Sequence[MailServer],
    address: str,
    brand: str = "",
    username: str = "",
) -> dict[str, str]:
    """Values for the placeholders of a guide, from the first way in and the first way out.
    ``username`` is the address unless something else is to stand there.

    Raises ValueError when the host offers no way in or no way out.
    """
    if not incoming or not outgoing:
        raise ValueError("mail.incoming and mail.outgoing of hosting.yml must each name a server")
    way_in, way_out = incoming[0], outgoing[0]  # in the order the host recommends them
    return {
        "address": address,
        "username": username or address,
        "brand": brand,
        "incoming_protocol": str(way_in.protocol).upper(),
        "incoming_host": way_in.host,
        "incoming_port": str(way_in.port),
        "incoming_security": security_name(client, way_in.security),
        "outgoing_host": way_out.host,
        "outgoing_port": str(way_out.port),
        "outgoing_security": security_name(client, way_out.security),
    }
