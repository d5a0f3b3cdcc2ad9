"""Which of the host's servers is meant, and at which address it is dialled."""

from __future__ import annotations

from dataclasses import dataclass

from qiq.checks.context import Context
from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.model import Target
from qiq.hosting import DomainFacts, HostingError
from qiq.settings.servers import Server

STANDARD_PORTS = {
    "smtp": 25, "submission": 587, "submissions": 465, "imap": 143, "imaps": 993, "pop3": 110,
    "pop3s": 995, "http": 80, "https": 443, "ftp": 21, "ssh": 22,
}  # fmt: skip
WEB_SERVICES = ("http", "https")
MAIL_SERVICES = ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s")


@dataclass(frozen=True)
class Place:
    """A service of the host: the ``host`` customers use, and the ``address`` to dial.

    ``address`` is empty when the name leads nowhere; ``answer`` is what the name system said.
    """

    server: Server
    host: str
    address: str
    port: int
    answer: Answer | None = None

    def label(self, service: str) -> str:
        """Host and port as customers know them."""
        return f"{self.host}:{STANDARD_PORTS.get(service, self.port)}"


def offers(address: str, services: tuple[str, ...], ctx: Context) -> bool:
    """Whether ``address`` belongs to a server of the host that is meant to run one of these."""
    server = ctx.settings.server_of(address)
    return server is not None and not set(services).isdisjoint(server.services)


async def facts(target: Target, ctx: Context) -> DomainFacts | None:
    """What the host knows of the domain; None when the panel cannot be asked."""

    async def ask() -> DomainFacts | None:
        try:
            return await ctx.hosting.domain(target.domain)
        except HostingError:
            return None

    return await ctx.once("facts", ask)


async def server_for(service: str, target: Target, ctx: Context) -> Server | None:
    """The server where ``service`` of this domain lives."""
    known = await facts(target, ctx)
    wanted = None
    if known is not None:
        wanted = known.mail_server if service in MAIL_SERVICES else known.server
    offering = [server for server in ctx.settings.servers if service in server.services]
    return next((s for s in offering if s.id == wanted), offering[0] if offering else None)


async def place(service: str, target: Target, ctx: Context) -> Place | None:
    """Where ``service`` is dialled; None when no server of the host offers it."""

    async def find() -> Place | None:
        server = await server_for(service, target, ctx)
        if server is None:
            return None
        host = _host_name(service, server, ctx)
        address, answer = await _address(host, server, ctx)
        return Place(server, host, address, ctx.settings.network.port(service), answer)

    return await ctx.once(("place", service), find)


def _host_name(service: str, server: Server, ctx: Context) -> str:
    protocol = {"submission": "smtp", "submissions": "smtp"}.get(service, service.rstrip("s"))
    mail = ctx.settings.mail
    offered = mail.outgoing if protocol == "smtp" else mail.incoming
    for line in offered:
        if line.protocol == protocol and line.host in server.names:
            return str(line.host)
    return str(server.names[0])


async def _address(host: str, server: Server, ctx: Context) -> tuple[str, Answer]:
    """The host's own address, as the name system says it, or from the settings without it."""
    answer = await ctx.dns.ask(host, "A")
    if answer.status is DnsStatus.NODATA:
        v6 = await ctx.dns.ask(host, "AAAA")
        answer = v6 if v6.status is DnsStatus.OK else answer
    for address in answer.records:
        if ctx.guard.own(address):
            return address, answer
    # The name fails (its own check says so); the machine is still looked at.
    fixed = [net for net in server.networks if net.num_addresses == 1]
    return (str(fixed[0].network_address) if fixed else ""), answer
