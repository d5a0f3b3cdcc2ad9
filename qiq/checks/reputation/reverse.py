"""Has the sending address a reverse name that leads back to it (RFC 1912 section 2.1)?"""

from __future__ import annotations

import ipaddress

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.reputation.sender import BATTERIES, sender


async def reverse(target: Target, ctx: Context) -> CheckResult:
    where = await sender(target, ctx)
    if where is None:
        return results.skip(target.domain, "no_address")
    pointer = ipaddress.ip_address(where.address).reverse_pointer
    answer = await ctx.dns.ask(pointer, "PTR")
    args = {"address": where.address, "host": where.host, "server": where.server.id}
    if not answer.settled:
        return results.skip(where.address, "no_clear_answer")
    if not answer.records:
        return results.fail(
            where.address, "mail.reputation.reverse_dns", {**args, "detail": "none"}
        )
    for name in answer.records[:5]:
        kind = "AAAA" if ":" in where.address else "A"
        forward = await ctx.dns.ask(name.rstrip("."), kind)
        if where.address in forward.records:
            return results.ok(where.address, ptr=name)
        if not forward.settled:
            return results.skip(where.address, "no_clear_answer")
    args["detail"] = f"{answer.records[0]} does not lead back"
    return results.fail(where.address, "mail.reputation.reverse_dns", args)


SPECS = (Spec("reputation.reverse", reverse, BATTERIES, own=True),)
