"""Who and where everything is in the pretend internet: loopback addresses, RFC 2606 names."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

HOSTS: dict[str, str] = {
    "server1": "127.0.10.1",
    "server1v6": "::1",
    "mail": "127.0.10.2",
    "ns1": "127.0.10.3",
    "ns2": "127.0.10.4",
    "resolver": "127.0.10.53",
    "parent": "127.0.10.254",
    "mailgiant": "127.0.20.1",
    "otherhost": "127.0.20.2",
    "parking": "127.0.20.3",
    "otherns": "127.0.20.53",
}
"""Host id → address. 127.0.10.1 to .4 and ::1 belong to the pretend host, 127.0.20.x to others."""

BRAND = "qiq.example"
MUELLER = "xn--mller-kva.example"


@dataclass(frozen=True)
class Hosted:
    """A domain of the pretend host: what its site is, and its mailboxes' local parts."""

    name: str
    site: str
    mailboxes: tuple[str, ...] = ("info",)


HOSTED: tuple[Hosted, ...] = (
    Hosted("example.com", "wordpress", ("info", "sales", "anna")),
    Hosted("example.org", "static", ("info", "office")),
    Hosted("example.net", "shop", ("info", "orders")),
    Hosted("rosebakery.example", "wordpress", ("info", "rose")),
    Hosted("greenbikes.example", "static", ("info", "workshop")),
    Hosted("oldmill.example", "joomla", ("info", "booking")),
    Hosted(MUELLER, "drupal", ("info", "kontakt")),
)

SERVICES: dict[str, tuple[str, ...]] = {
    "server1": ("http", "https", "ftp", "ssh", "panel"),
    "server1v6": ("https", "imaps"),
    "mail": ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s"),
    "mailgiant": ("smtp", "imaps", "submissions"),
    "otherhost": ("http", "https", "smtp"),
    "parking": ("http", "https"),
    "parent": ("registry",),
}
"""TCP services per host; ``registry`` is RDAP and the status feed. DNS runs on the name servers."""

IPV6_HOST = "server1v6"
"""The pretend host's only IPv6 address. Nothing listens there while the world is healthy."""


def has_ipv6() -> bool:
    """Whether this machine has an IPv6 loopback address."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            return probe.connect_ex((HOSTS[IPV6_HOST], 1)) != errno.EADDRNOTAVAIL
    except OSError:
        return False


NAME_SERVERS: tuple[str, ...] = ("ns1", "ns2", "resolver", "parent", "otherns")

GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "all-mail": tuple(("mail", name) for name in SERVICES["mail"]),
    "all-imap": (("mail", "imap"), ("mail", "imaps")),
    "all-pop3": (("mail", "pop3"), ("mail", "pop3s")),
    "all-smtp": (("mail", "smtp"), ("mail", "submission"), ("mail", "submissions")),
    "sending": (("mail", "submission"), ("mail", "submissions")),
    "all-web": (("server1", "http"), ("server1", "https")),
}
"""Words a fault may use for several services of the host at once."""

OWNERS: dict[str, str] = {
    service: host for host in ("mail", "server1", "parent") for service in SERVICES[host]
}
"""The pretend host's machine that runs a service, when a fault names no machine."""

IMPLICIT_TLS: frozenset[str] = frozenset({"https", "submissions", "imaps", "pop3s", "panel"})

CANARY = "canary@qiq.example"
MAILBOX_PASSWORD = "lab-mailbox-password"
"""Password of every pretend mailbox but the canary's, which is made anew for each lab."""
