"""Who answers for a domain: the parent's list of name servers, and what each of them says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qiq.checks.context import Context
from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.guard import Refused
from qiq.checks.model import Target

SERVERS = 8


@dataclass(frozen=True)
class Said:
    """One name server. ``state`` is ``fine``, ``lame``, ``silent``, ``nameless``, ``empty`` or
    ``unasked``.

    ``lame`` answers without authority, ``silent`` not at all, ``nameless`` has no address that may
    be asked, ``empty`` has authority but no SOA record; ``unasked`` is our own failure to ask.
    """

    name: str
    address: str
    state: str
    own: bool
    detail: str = ""


@dataclass(frozen=True)
class Authority:
    """``parent`` is ``delegated``, ``missing`` (the registry knows no such name) or ``unclear``."""

    parent: str
    names: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    asked: str = ""

    @property
    def fine(self) -> tuple[Said, ...]:
        return tuple(one for one in self.said if one.state == "fine")


async def authority(target: Target, ctx: Context) -> Authority:
    """Examined once in a run."""

    async def examine() -> Authority:
        parent = await _parent_says(target.domain, ctx)
        if parent is None:
            return Authority("unclear")
        names = parent.referral or tuple(r.rstrip(".").lower() for r in parent.records)
        if parent.status is DnsStatus.NXDOMAIN or not names:
            gone = parent.status in (DnsStatus.NXDOMAIN, DnsStatus.NODATA)
            return Authority("missing" if gone else "unclear", asked=parent.server)
        said = await asyncio.gather(
            *(_ask(name, target.domain, parent, ctx) for name in names[:SERVERS])
        )
        return Authority("delegated", names, tuple(said), parent.server)

    return await ctx.once("authority", examine)


async def _parent_says(domain: str, ctx: Context) -> Answer | None:
    """The delegation as the parent's own servers give it; None when none of them answers."""
    zone = domain.partition(".")[2]
    while zone:
        answer = await ctx.dns.ask(zone, "NS")
        if answer.status is DnsStatus.OK:
            for name in answer.records[:3]:
                for address in (await ctx.dns.ask(name.rstrip("."), "A")).records[:1]:
                    said = await _quietly(address, domain, "NS", ctx)
                    if said is not None and (said.settled or said.referral):
                        return said
            return None
        zone = zone.partition(".")[2]
    return None


async def _ask(name: str, domain: str, parent: Answer, ctx: Context) -> Said:
    own_name = name in ctx.settings.nameservers
    glue = [address for owner, address in parent.glue if owner == name and ":" not in address]
    address = glue[0] if glue else next(iter((await ctx.dns.ask(name, "A")).records), "")
    if not address and own_name:
        address = _from_settings(name, ctx)  # its name may be down together with itself
    if not address:
        return Said(name, "", "nameless", own_name, "its name has no address")
    own = own_name or ctx.guard.own(address)
    answer = await _quietly(address, domain, "SOA", ctx)
    if answer is None:
        return Said(name, address, "nameless", own, "its address is not public")
    return Said(name, address, _state(answer), own, str(answer.status))


def _from_settings(name: str, ctx: Context) -> str:
    for server in ctx.settings.servers:
        fixed = [net for net in server.networks if net.num_addresses == 1]
        if name in server.names and fixed:
            return str(fixed[0].network_address)
    return ""


def _state(answer: Answer) -> str:
    if answer.status is DnsStatus.OURS:
        return "unasked"
    if answer.status in (DnsStatus.TIMEOUT, DnsStatus.GARBAGE):
        return "silent"
    if not answer.authoritative or answer.status not in (DnsStatus.OK, DnsStatus.NODATA):
        return "lame"
    return "fine" if answer.status is DnsStatus.OK else "empty"


async def _quietly(address: str, name: str, kind: str, ctx: Context) -> Answer | None:
    try:
        return await ctx.dns.ask_server(address, name, kind)
    except Refused:
        return None
