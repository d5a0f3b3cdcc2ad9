"""Settings, targets and contexts for check tests; nothing here leads to a public host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiq.checks.clock import Deadline
from qiq.checks.context import Context
from qiq.checks.model import Target
from qiq.hosting.model import Block, DomainFacts, MailboxFacts
from qiq.settings import Settings

SERVICES = [
    "http", "https", "smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "ftp",
    "ssh",
]  # fmt: skip


def settings(
    *,
    addresses: tuple[str, ...] = ("192.0.2.10",),
    allow: tuple[str, ...] = (),
    ports: Mapping[str, int] | None = None,
    services: list[str] | None = None,
    resolver: tuple[str, int] | None = None,
    seconds: float = 7.0,
    **more: Any,
) -> Settings:
    """A small host: one server, ``mail.qiq.example``."""
    network: dict[str, Any] = {"allow_addresses": list(allow), "ports": dict(ports or {})}
    if resolver:
        network["resolvers"] = [{"address": resolver[0], "port": resolver[1]}]
    network.update(more.pop("network", {}))
    return Settings.model_validate(
        {
            "version": 1,
            "servers": [
                {
                    "id": "server1", "names": ["mail.qiq.example"], "addresses": list(addresses),
                    "services": services or SERVICES,
                }
            ],
            "mail": {
                "incoming": [
                    {"protocol": "imap", "host": "mail.qiq.example", "port": 993, "security": "tls"}
                ],
                "outgoing": [
                    {"protocol": "smtp", "host": "mail.qiq.example", "port": 465, "security": "tls"}
                ],
                "mx": ["mail.qiq.example"],
            },
            "network": network,
            "limits": {"battery_seconds": seconds},
            **more,
        }
    )  # fmt: skip


class Panel:
    """A control panel that knows a few domains, and counts what it was asked."""

    def __init__(
        self, *domains: str, boxes: Mapping[str, MailboxFacts] | None = None,
        blocks: Mapping[str, Block] | None = None, **facts: Any,
    ) -> None:  # fmt: skip
        self._facts = {
            name: DomainFacts(name, "server1", "server1", **facts)
            for name in domains or ("example.com", "xn--mller-kva.example")
        }
        self._boxes, self._blocks = dict(boxes or {}), dict(blocks or {})
        self.asked: list[str] = []

    async def domain(self, name: str) -> DomainFacts | None:
        return self._facts.get(name)

    async def domains(self) -> frozenset[str]:
        return frozenset(self._facts)

    async def mailbox(self, address: str) -> MailboxFacts | None:
        self.asked.append(address)
        return self._boxes.get(address)

    async def block(self, address: str) -> Block | None:
        self.asked.append(address)
        return self._blocks.get(address)

    async def service_up(self, server: str, service: str) -> bool | None:
        return None


def context(target: Target, made: Settings, panel: Panel | None = None) -> Context:
    """Must be called inside a running loop."""
    deadline = Deadline.in_seconds(made.limits.battery_seconds)
    return Context(made, target, deadline, panel or Panel())
