"""Is the DMARC record well-formed, and does it turn away the domain's own mail (RFC 7489)?"""

from __future__ import annotations

import asyncio

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.reputation import dkim, spf
from qiq.checks.reputation.sender import BATTERIES
from qiq.checks.reputation.spf_check import result, suggested
from qiq.checks.reputation.tags import tags

POLICIES = ("none", "quarantine", "reject")


async def policy(target: Target, ctx: Context) -> CheckResult:
    label = f"_dmarc.{target.domain}"
    answer = await ctx.dns.ask(label, "TXT")
    if not answer.settled:
        return results.skip(label, "no_clear_answer")
    found = [text for text in answer.records if text.replace(" ", "").startswith("v=DMARC1")]
    args: dict[str, object] = {
        "domain": target.domain, "record": " ".join(found[:1]), "expected": suggested(ctx.settings),
    }  # fmt: skip
    if not found:
        return results.warn(label, "dns.dmarc.missing", args)
    wrong = fault(found)
    if wrong:
        return results.fail(label, "dns.dmarc.invalid", {**args, "detail": wrong})
    wanted = tags(found[0])["p"].lower()
    if wanted == "none":
        return results.ok(label, record=found[0])
    return await _aligned(label, wanted, args, target, ctx)


def fault(found: list[str]) -> str:
    """What is wrong with the record; empty when it is fine (RFC 7489 section 6.3)."""
    if len(found) > 1:
        return f"there are {len(found)} records, and only one is allowed"
    try:
        known = tags(found[0])
    except ValueError as error:
        return str(error)
    for name in ("p", "sp"):
        if name in known and known[name].lower() not in POLICIES:
            return f"'{name}={known[name][:30]}' is not one of {', '.join(POLICIES)}"
    if "p" not in known:
        return "the policy (p=) is missing"
    share = known.get("pct", "100")
    if not share.isdigit() or int(share) > 100:
        return f"'pct={share[:10]}' is not a percentage"
    return ""


async def _aligned(
    label: str, wanted: str, args: dict[str, object], target: Target, ctx: Context
) -> CheckResult:
    """A strict policy needs SPF or DKIM of the domain itself to pass for what the host sends."""
    sent, signed = await asyncio.gather(result(target, ctx), dkim.usable(target, ctx))
    if sent is None:
        return results.skip(label, "no_clear_answer")
    spf_result = sent.kind if isinstance(sent, spf.SpfError) else sent.result
    if spf_result == "pass" or signed:
        return results.ok(label, record=args["record"])
    if isinstance(sent, spf.Verdict) and sent.unsure:
        # A term that each receiver evaluates for itself (ptr, %{p}) may let the mail pass.
        return results.skip(label, "receivers_decide", record=args["record"], spf=sent.record)
    args |= {"policy": wanted, "spf": spf_result, "dkim": "no usable key"}
    return results.fail(label, "dns.dmarc.unaligned", args)


SPECS = (Spec("dns.dmarc", policy, BATTERIES),)
