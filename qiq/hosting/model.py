"""What the host knows of its customers' accounts, in one shape for every control panel.

Account facts may be told to verified customers only; ``qiq.checks.account`` sees to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class HostingError(Exception):
    """The panel could not be asked. Our own failure, never the customer's."""


@dataclass(frozen=True)
class Usage:
    """``used`` of ``quota`` in the unit of the field; ``quota`` 0 means unlimited."""

    used: int
    quota: int

    @property
    def full(self) -> bool:
        return self.quota > 0 and self.used >= self.quota


@dataclass(frozen=True)
class DomainFacts:
    """One hosted domain. ``server`` and ``mail_server`` are ids of ``hosting.yml``."""

    domain: str
    server: str | None = None
    mail_server: str | None = None
    mail_routing: str = "local"
    suspended: str | None = None
    disk: Usage | None = None
    inodes: Usage | None = None
    bandwidth: Usage | None = None
    resource_limits: Mapping[str, int] = field(default_factory=dict)
    last_php_error: str | None = None
    contact_email: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class MailboxFacts:
    """One mailbox. Sizes in megabytes; sending counts are per hour."""

    address: str
    usage: Usage | None = None
    suspended: str | None = None
    sent_last_hour: int = 0
    sending_limit: int = 0
    failed_logins: int = 0
    failed_from: str | None = None


@dataclass(frozen=True)
class Block:
    """The firewall shuts ``address`` out of ``server``."""

    address: str
    server: str
    reason: str = ""


class Hosting(Protocol):
    """What an adapter offers. Every call may raise ``HostingError``."""

    async def domain(self, name: str) -> DomainFacts | None:
        """Facts of the hosted domain ``name`` (A-label); None when it is not hosted."""

    async def domains(self) -> frozenset[str]:
        """Every hosted domain, in A-label form."""

    async def mailbox(self, address: str) -> MailboxFacts | None:
        """One mailbox; None when there is none."""

    async def block(self, address: str) -> Block | None:
        """Whether the firewall shuts out the visitor's own address."""

    async def service_up(self, server: str, service: str) -> bool | None:
        """What the server says of a service not seen from outside (``mysql``); None: unknown."""
