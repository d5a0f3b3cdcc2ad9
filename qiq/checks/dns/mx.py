"""Where the domain's mail goes."""

from __future__ import annotations

import ipaddress

from qiq.checks import places, results
from qiq.checks.context import Context
from qiq.checks.dns.unsettled import unsettled
from qiq.checks.dns_door import Answer
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec

BATTERIES = frozenset({"mail", "mail_reputation", "dns"})


def servers(answer: Answer) -> list[str]:
    """Host names of MX records, best first; ``.`` for a null MX."""
    pairs = []
    for record in answer.records:
        preference, _, name = record.partition(" ")
        pairs.append((int(preference) if preference.isdigit() else 99, name.lower()))
    return [name if name == "." else name.rstrip(".") for _, name in sorted(pairs)]


async def mx(target: Target, ctx: Context) -> CheckResult:
    """Present, resolvable, and ours, unless the account says that mail lives elsewhere."""
    label = f"MX {target.domain}"
    answer = await ctx.dns.ask(target.domain, "MX")
    if not answer.settled:
        return await unsettled(label, answer, target.domain, ctx)
    names = servers(answer)
    expected = ctx.settings.mail.mx[0] if ctx.settings.mail.mx else ""
    args: dict[str, object] = {
        "domain": target.domain, "expected": expected,
        "all": ", ".join(names), "detail": answer.status,
    }  # fmt: skip
    known = await places.facts(target, ctx)
    remote = known is not None and known.mail_routing == "remote"
    facts = {"mx": ", ".join(names), "ttl": answer.ttl, "routing": "remote" if remote else "local"}
    if names == ["."]:
        return results.fail(label, "dns.mx.null", args, **facts)
    if not names:
        return results.fail(label, "dns.mx.missing", args, **facts)
    kinds = {name: await _leads(name, ctx) for name in names[:10]}
    return _judge(label, kinds, remote, args, facts)


async def _leads(name: str, ctx: Context) -> str:
    """``ours``, ``elsewhere``, ``inside:ADDRESS``, ``nowhere``, ``literal`` or ``unclear``."""
    try:
        ipaddress.ip_address(name)
        return "literal"
    except ValueError:
        pass
    if name in ctx.settings.mail.mx:
        return "ours"
    v4, v6 = await ctx.dns.addresses(name)
    found = (*v4.records, *v6.records)
    if any(ctx.guard.own(one) for one in found):
        return "ours"
    if found:
        inside = next((one for one in found if not ctx.guard.reachable(one)), None)
        return f"inside:{inside}" if inside else "elsewhere"
    return "nowhere" if v4.settled and v6.settled else "unclear"


def _judge(
    label: str, kinds: dict[str, str], remote: bool, args: dict[str, object],
    facts: dict[str, object],
) -> CheckResult:  # fmt: skip
    first, kind = next(iter(kinds.items()))
    args["mx"] = first
    if kind == "literal":
        return results.fail(label, "dns.mx.address", args, **facts)
    if kind.startswith("inside:"):
        more = {"address": kind.partition(":")[2]}
        return results.fail(label, "dns.mx.inside", {**args, **more}, **facts)
    if kind == "nowhere":
        return results.fail(label, "dns.mx.unresolvable", args, **facts)
    if kind == "unclear":
        return results.skip(label, "no_clear_answer", **facts)
    elsewhere = next((name for name, one in kinds.items() if one == "elsewhere"), None)
    if remote and elsewhere:
        return results.warn(label, "mail.elsewhere", {**args, "mx": elsewhere}, **facts)
    if kind == "elsewhere":
        return results.fail(label, "dns.mx.elsewhere", args, **facts)
    if elsewhere:
        return results.warn(label, "dns.mx.mixed", {**args, "mx": elsewhere}, **facts)
    return results.ok(label, **facts)


SPECS = (Spec("dns.mx", mx, BATTERIES),)
