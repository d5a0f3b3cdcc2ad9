"""Do registry and name servers agree, and does every name server answer for the domain?"""

from __future__ import annotations

from qiq.checks import cdn, results
from qiq.checks.context import Context
from qiq.checks.dns.authority import Authority, Said, authority
from qiq.checks.dns_door import DnsStatus
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec

BATTERIES = frozenset({"dns", "web", "mail", "mail_reputation"})


async def delegation(target: Target, ctx: Context) -> CheckResult:
    found = await authority(target, ctx)
    label = f"NS {target.domain}"
    args: dict[str, object] = {
        "domain": target.domain, "expected": ", ".join(ctx.settings.nameservers) or "ours",
        "nameservers": ", ".join(found.names), "server": found.asked,
        "parent": ", ".join(found.names),
        "detail": "; ".join(f"{one.name}: {one.state} {one.detail}".strip() for one in found.said),
    }  # fmt: skip
    if found.parent == "missing":
        return results.fail(label, "dns.registration.missing", args)
    if found.parent == "unclear":
        if not await ctx.dns.alive():
            return results.error(label, "our_resolver")
        return results.skip(label, "no_clear_answer")
    return _own_trouble(label, found, args) or await _judge(label, found, args, target, ctx)


def _own_trouble(label: str, found: Authority, args: dict[str, object]) -> CheckResult | None:
    """A name server of ours that fails is ours to mend, whatever the others do."""
    states = {
        "lame": "dns.ns.own_lame", "empty": "dns.ns.own_lame", "silent": "dns.ns.own_unreachable",
        "nameless": "dns.ns.own_unreachable",
    }  # fmt: skip
    for state, code in states.items():
        bad = [one for one in found.said if one.own and one.state == state]
        if bad:
            more = {"server": bad[0].name, "detail": bad[0].detail}
            return results.own(results.fail(label, code, {**args, **more}))
    return None


async def _judge(
    label: str, found: Authority, args: dict[str, object], target: Target, ctx: Context
) -> CheckResult:
    facts = {"nameservers": ", ".join(found.names), "states": args["detail"]}
    unasked = [one for one in found.said if one.state == "unasked"]
    if unasked and not found.fine:
        return results.error(label, "our_network", detail=args["detail"])
    if not found.fine:
        lame = any(one.state in ("lame", "empty") for one in found.said)
        code = "dns.delegation.lame" if lame else "dns.delegation.unreachable"
        return results.fail(label, code, args, **facts)
    child = await _child(found.fine[0], target, ctx)
    if child and set(child) != set(found.names):
        args["child"] = ", ".join(child)
        return results.warn(label, "dns.delegation.mismatch", args, **facts)
    if len(found.fine) + len(unasked) < len(found.said):
        args["child"] = ", ".join(one.name for one in found.fine)
        return results.warn(label, "dns.delegation.mismatch", args, **facts)
    if not any(one.own for one in found.said) and not await _leads_here(target, ctx):
        return results.fail(label, "dns.delegation.elsewhere", args, **facts)
    return results.ok(label, **facts)


async def _child(server: Said, target: Target, ctx: Context) -> tuple[str, ...]:
    answer = await ctx.dns.ask_server(server.address, target.domain, "NS")
    return tuple(sorted(name.rstrip(".").lower() for name in answer.records))


async def _leads_here(target: Target, ctx: Context) -> bool:
    """Name servers elsewhere are a choice, as long as they lead site or mail to us; so are those
    that come with a service in front of the site."""
    site = await ctx.dns.ask(target.domain, "A")
    if site.status is not DnsStatus.OK:
        return False
    return any(map(ctx.guard.own, site.records)) or cdn.name_of(site.records) is not None


SPECS = (Spec("dns.delegation", delegation, BATTERIES),)
