"""Do the domain's records lead mail programs to our settings (RFC 6186, RFC 8314), or elsewhere?"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from qiq.autoconfig.srv import Record, records
from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dns.unsettled import unsettled
from qiq.checks.dns_door import Answer
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec

NAMES = ("autoconfig", "autodiscover")
DISCOVER = "_autodiscover._tcp"


async def self_setup(target: Target, ctx: Context) -> CheckResult:
    """Fails only where a record leads programs away from us. Nothing published is no fault: then
    programs guess, and a person types the settings."""
    host = _gateway(ctx)
    wanted = records(target.domain, ctx.settings, host)
    services = {r.name: r for r in wanted if r.type == "SRV" and not r.name.startswith(DISCOVER)}
    names = [f"{name}.{target.domain}" for name in NAMES]
    answers = await asyncio.gather(
        *(ctx.dns.ask(name, "SRV") for name in services),
        *(ctx.dns.ask(name, "A") for name in names),
        ctx.dns.ask(f"{DISCOVER}.{target.domain}", "SRV"),
    )
    unclear = next((answer for answer in answers if not answer.settled), None)
    if unclear is not None:
        return await unsettled(target.domain, unclear, target.domain, ctx)
    by_name = {answer.name: answer for answer in answers}
    wrong = [
        name for name, answer in by_name.items()
        if await _leads_away(answer, services.get(name), host, ctx)
    ]  # fmt: skip
    missing = [r for r in wanted if r.name in by_name and not by_name[r.name].records]
    if wrong:
        return results.fail(target.domain, "dns.autoconfig.elsewhere", _args(target, wrong, wanted))
    told = "\n".join(f"{r.name} {r.type} {r.value}" for r in missing)
    if len(missing) == len(wanted):
        return results.ok(target.domain, published="no", records=told)
    return results.ok(target.domain, published="some" if missing else "all", records=told)


def _gateway(ctx: Context) -> str | None:
    return urlsplit(ctx.settings.channels.public_url or "").hostname


async def _leads_away(answer: Answer, ours: Record | None, host: str | None, ctx: Context) -> bool:
    """Whether a published record names something that is not ours."""
    if answer.kind == "A":
        allowed = set((await ctx.dns.ask(host, "A")).records) if host else set()
        return any(not ctx.guard.own(one) and one not in allowed for one in answer.records)
    places = {_place(record) for record in answer.records}
    if ours is not None:
        return bool(places - {_place(ours.value), ""})
    return bool({place.rpartition(":")[0] for place in places} - {host or "", ""})


def _place(record: str) -> str:
    """``host:port`` of an SRV record; empty when it says that there is no such service."""
    *_, port, host = record.lower().split()
    return f"{host.rstrip('.')}:{port}" if host != "." else ""


def _args(target: Target, wrong: list[str], wanted: tuple[Record, ...]) -> dict[str, object]:
    right = {r.name: f"{r.type} {r.value}" for r in wanted}
    exact = [f"{name} {right[name]}" for name in wrong if name in right]
    return {
        "domain": target.domain,
        "names": ", ".join(wrong),
        "expected": ", ".join(exact) or "none",
    }


SPECS = (Spec("dns.autoconfig", self_setup, frozenset({"autoconfig"}), required=False),)
