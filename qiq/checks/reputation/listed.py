"""Is the sending address on a block list (DNSBL, RFC 5782)?"""

from __future__ import annotations

import asyncio
import ipaddress

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dns_door import DnsStatus
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.reputation.sender import BATTERIES, configured_zones, sender

NEVER_LISTED = "127.0.0.1"


async def listed(target: Target, ctx: Context) -> CheckResult:
    where = await sender(target, ctx)
    if where is None:
        return results.skip(target.domain, "no_address")
    zones = ctx.settings.network.dnsbl
    found = await asyncio.gather(*(_answer(where.address, zone, ctx) for zone in zones))
    hits = [(zone, text) for zone, text in zip(zones, found, strict=True) if text]
    label = f"{where.address} in {', '.join(zones)}"
    if hits:
        zone, text = hits[0]
        args = {"address": where.address, "host": where.host, "zone": zone, "answer": text,
                "server": where.server.id}  # fmt: skip
        return results.fail(label, "mail.reputation.listed", args)
    return results.ok(label)


async def _answer(address: str, zone: str, ctx: Context) -> str:
    """What the list says of ``address``; empty when it is not listed or the list is of no use."""
    name = f"{_reversed(address)}.{zone}"
    hit, test = await asyncio.gather(
        ctx.dns.ask(name, "A"), ctx.dns.ask(f"{_reversed(NEVER_LISTED)}.{zone}", "A")
    )
    codes = [code for code in hit.records if _means_listed(code)]
    # A list that also names the address nobody may list is dead, and answers yes to everything.
    if hit.status is not DnsStatus.OK or not codes or test.records:
        return ""
    text = await ctx.dns.ask(name, "TXT")
    return " ".join(text.records[:1]) or codes[0]


def _means_listed(code: str) -> bool:
    """127.255.255.x are the lists' own error messages ("your resolver is blocked")."""
    return code.startswith("127.") and not code.startswith("127.255.255.") and code != NEVER_LISTED


def _reversed(address: str) -> str:
    ip = ipaddress.ip_address(address)
    return ip.reverse_pointer.rpartition(".in-addr")[0] or ip.reverse_pointer.rpartition(".ip6")[0]


SPECS = (Spec("reputation.listed", listed, BATTERIES, own=True, applies=configured_zones),)
