"""A question without a clear answer: whose failure is it? Never ours dressed up as theirs."""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.model import CheckResult


async def unsettled(label: str, answer: Answer, domain: str, ctx: Context) -> CheckResult:
    """A result for ``answer``, which is neither records nor a clear "there is none"."""
    if answer.status is DnsStatus.BOGUS:
        args = {"domain": domain, "ds": "present"}
        return results.fail(label, "dns.dnssec.bogus", args, server=answer.server)
    if answer.status is DnsStatus.OURS or not await ctx.dns.alive():
        return results.error(label, "our_resolver", detail=str(answer.status))
    # The delegation checks ask the name servers themselves and know more.
    return results.skip(label, "no_clear_answer", answer=str(answer.status))
