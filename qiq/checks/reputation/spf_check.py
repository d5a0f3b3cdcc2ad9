"""Does the domain's SPF record let the host's server send?"""

from __future__ import annotations

import asyncio

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.reputation import spf
from qiq.checks.reputation.sender import BATTERIES, sender
from qiq.settings import Settings


def suggested(settings: Settings) -> str:
    """The record a customer without other senders should have."""
    include = settings.mail.spf_include
    return f"v=spf1 include:{include} ~all" if include else "v=spf1 mx ~all"


async def result(target: Target, ctx: Context) -> spf.Verdict | spf.SpfError | None:
    """Evaluated once in a run; None when look-ups failed for now."""

    async def evaluate() -> spf.Verdict | spf.SpfError | None:
        # The record is asked for at once, not after the sender's address is known.
        where, _ = await asyncio.gather(sender(target, ctx), ctx.dns.ask(target.domain, "TXT"))
        if where is None:
            return None
        try:
            return await spf.check_host(where.address, target.domain, ctx.dns.ask, where.host)
        except spf.SpfError as error:
            return error
        except spf.SpfUnclear:
            return None

    return await ctx.once("spf", evaluate)


async def check(target: Target, ctx: Context) -> CheckResult:
    label = f"SPF {target.domain}"
    found = await result(target, ctx)
    if found is None:
        return results.skip(label, "no_clear_answer")
    where = await sender(target, ctx)
    args: dict[str, object] = {
        "domain": target.domain, "expected": suggested(ctx.settings),
        "address": where.address if where else "", "record": "",
    }  # fmt: skip
    if isinstance(found, spf.SpfError):
        return _broken(label, found, args)
    args |= {"record": found.record, "result": found.result}
    facts = {"record": found.record, "result": found.result, "lookups": found.lookups}
    if found.result == "none":
        return results.fail(label, "dns.spf.missing", args)
    if found.result == "pass" or found.unsure:
        return results.ok(label, **facts)
    return results.fail(label, "dns.spf.not_authorised", args, **facts)


def _broken(label: str, error: spf.SpfError, args: dict[str, object]) -> CheckResult:
    limits = {"lookups": spf.LOOKUPS, "void": spf.VOID_LOOKUPS}
    args |= {"detail": error.detail, "count": error.count or "more", "kind": error.kind,
             "limit": limits.get(error.kind, 1)}  # fmt: skip
    codes = {
        "multiple": "dns.spf.multiple",
        "lookups": "dns.spf.lookups",
        "void": "dns.spf.lookups",
    }
    return results.fail(label, codes.get(error.kind, "dns.spf.syntax"), args, detail=error.detail)


SPECS = (Spec("dns.spf", check, BATTERIES),)
