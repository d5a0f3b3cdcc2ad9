"""Where a site is looked at: the name customers type, and one of the host's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from qiq.checks.context import Context
from qiq.checks.dns_door import Answer
from qiq.checks.model import Target
from qiq.checks.places import WEB_SERVICES, offers, server_for


@dataclass(frozen=True)
class SitePlace:
    """``address`` is one of ours to look at, empty when none is known; ``points_here`` by DNS."""

    host: str
    address: str
    answer: Answer
    points_here: bool
    server_id: str
    expected: str


async def site_place(target: Target, ctx: Context) -> SitePlace:
    """Found once in a run."""

    async def find() -> SitePlace:
        host = target.host or target.domain
        answer = await ctx.dns.ask(host, "A")
        ours = next((one for one in answer.records if offers(one, WEB_SERVICES, ctx)), "")
        server = await server_for("http", target, ctx)
        expected = await expected_address(target, ctx)
        return SitePlace(
            host, ours or expected, answer, bool(ours), server.id if server else "", expected
        )

    return await ctx.once("site", find)


async def expected_address(target: Target, ctx: Context) -> str:
    """The address that the site's A record should have; empty when it cannot be told."""
    server = await server_for("http", target, ctx)
    if server is None:
        return ""
    answer = await ctx.dns.ask(str(server.names[0]), "A")
    ours = next((one for one in answer.records if ctx.settings.server_of(one) is server), "")
    fixed = [net for net in server.networks if net.num_addresses == 1]
    return ours or (str(fixed[0].network_address) if fixed else "")
