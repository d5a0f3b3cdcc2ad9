"""Does the site's name lead to the host's servers?"""

from __future__ import annotations

from qiq.checks import cdn, results
from qiq.checks.context import Context
from qiq.checks.dns.unsettled import unsettled
from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import WEB_SERVICES, offers
from qiq.checks.registry import Spec
from qiq.checks.web.place import expected_address

BATTERIES = frozenset({"web", "dns"})


async def address(target: Target, ctx: Context) -> CheckResult:
    """A and AAAA of the name the customer gave."""
    host = target.host or target.domain
    v4, v6 = await ctx.dns.addresses(host)
    if not v4.settled:
        return await unsettled(host, v4, target.domain, ctx)
    args: dict[str, object] = {
        "host": host, "domain": target.domain, "expected": await expected_address(target, ctx),
        "detail": v4.status,
    }  # fmt: skip
    return judge(host, v4, v6, args, ctx)


def judge(host: str, v4: Answer, v6: Answer, args: dict[str, object], ctx: Context) -> CheckResult:
    """Where the addresses lead: to us, elsewhere, both, inside, nowhere."""
    facts = {"a": " ".join(v4.records), "aaaa": " ".join(v6.records), "ttl": v4.ttl}
    own = [one for one in v4.records if ctx.guard.own(one)]
    foreign = [one for one in v4.records if one not in own]
    www = host.startswith("www.")
    if not v4.records and v6.status is not DnsStatus.OK:
        code = "dns.www.missing" if www else "dns.a.missing"
        return results.fail(host, code, args, **facts)
    service = cdn.name_of(foreign)
    if service and not own:
        # A service such as Cloudflare in front is a choice; the page checks look behind it.
        return results.ok(host, cdn=service, **facts)
    inside = [one for one in foreign if not ctx.guard.reachable(one)]
    if inside:
        return results.fail(host, "dns.a.inside", {**args, "address": inside[0]}, **facts)
    if foreign and own:
        more = {"address": foreign[0], "addresses": ", ".join(v4.records)}
        return results.fail(host, "dns.a.mixed", {**args, **more}, **facts)
    if foreign:
        code = "dns.www.elsewhere" if www else "dns.a.elsewhere"
        return results.fail(host, code, {**args, "address": foreign[0]}, **facts)
    strange = [one for one in v6.records if not ctx.guard.own(one)]
    if strange:
        return results.fail(host, "dns.aaaa.elsewhere", {**args, "address": strange[0]}, **facts)
    return _on_a_web_server(host, v4, v6, args, ctx) or results.ok(host, **facts)


def _on_a_web_server(
    host: str, v4: Answer, v6: Answer, args: dict[str, object], ctx: Context
) -> CheckResult | None:
    """A site's own name must lead to a server with websites; other names may lead anywhere."""
    domain = args["domain"]
    if host not in (domain, f"www.{domain}") or not args["expected"]:
        return None
    for code, answer in (("dns.a.other_server", v4), ("dns.aaaa.other_server", v6)):
        lost = next((one for one in answer.records if not offers(one, WEB_SERVICES, ctx)), None)
        if lost:
            return results.fail(host, code, {**args, "address": lost})
    return None


async def www(target: Target, ctx: Context) -> CheckResult:
    """The same name with ``www.`` in front, when the customer gave the bare one."""
    host = f"www.{target.domain}"
    v4 = await ctx.dns.ask(host, "A")
    if not v4.settled:
        return await unsettled(host, v4, target.domain, ctx)
    expected = await expected_address(target, ctx)
    args = {"host": host, "domain": target.domain, "expected": expected, "detail": v4.status}
    if not v4.records:
        # Not everyone wants www: it is only worth a word, never the cause by itself.
        return results.warn(host, "dns.www.missing", args)
    foreign = next((one for one in v4.records if not ctx.guard.own(one)), None)
    if foreign and cdn.name_of(v4.records):
        return results.ok(host, cdn=cdn.name_of(v4.records))
    if foreign:
        return results.warn(host, "dns.www.elsewhere", {**args, "address": foreign})
    return results.ok(host, a=" ".join(v4.records))


def _bare(target: Target, ctx: Context) -> bool:
    return (target.host or target.domain) == target.domain


SPECS = (
    Spec("dns.address", address, BATTERIES),
    Spec("dns.www", www, BATTERIES, required=False, applies=_bare),
)
