"""Does the resolver still remember what the name servers no longer say?"""

from __future__ import annotations

import math

from qiq.checks import cdn, results
from qiq.checks.context import Context
from qiq.checks.dns.authority import authority
from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec

BATTERIES = frozenset({"dns", "web", "mail"})
HOUR = 3600


async def freshness(target: Target, ctx: Context) -> CheckResult:
    """A of the site's name and MX of the domain: remembered answer against the source."""
    label = f"cache {target.domain}"
    known = await authority(target, ctx)
    if not known.fine:
        return results.skip(label, "no_clear_answer")
    source = known.fine[0].address
    for name, kind in ((target.host or target.domain, "A"), (target.domain, "MX")):
        old = await ctx.dns.ask(name, kind)
        new = await ctx.dns.ask_server(source, name, kind)
        if not (old.settled and new.settled and new.authoritative) or _follows(new, name):
            continue
        if set(old.records) != set(new.records) and await _still_differs(old, new, ctx):
            return _pending(label, old, new, target)
    return results.ok(label)


def _follows(answer: Answer, name: str) -> bool:
    """An alias that leads out of the zone: the source does not know the end of the chain."""
    return answer.canonical != name.lower()


async def _still_differs(old: Answer, new: Answer, ctx: Context) -> bool:
    """A name whose answers rotate or depend on the asker is not a change that spreads."""
    if cdn.name_of((*old.records, *new.records)):
        return False
    if old.kind == "A" and old.records and new.records:
        both_ours = all(ctx.guard.own(one) for one in (*old.records, *new.records))
        return not both_ours
    return old.status is not new.status or bool(set(old.records) ^ set(new.records))


def _pending(label: str, old: Answer, new: Answer, target: Target) -> CheckResult:
    ttl = old.ttl if old.status is DnsStatus.OK else old.soa_minimum or HOUR
    hours = max(1, math.ceil(ttl / HOUR))
    args = {
        "host": old.name, "domain": target.domain, "type": old.kind, "ttl": ttl,
        "hours": "1 hour" if hours == 1 else f"{hours} hours",
        "old": ", ".join(old.records) or "nothing", "new": ", ".join(new.records) or "nothing",
    }  # fmt: skip
    return results.fail(label, "dns.propagation.pending", args, ttl=ttl)


SPECS = (Spec("dns.freshness", freshness, BATTERIES, required=False),)
