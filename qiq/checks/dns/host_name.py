"""Do the host's own service names lead to the host's own machines?"""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dns_door import DnsStatus
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import place
from qiq.checks.registry import Spec


async def mail_name(target: Target, ctx: Context) -> CheckResult:
    """The name of the mail server that customers are told to use."""
    where = await place("imaps", target, ctx) or await place("submission", target, ctx)
    if where is None or where.answer is None:
        return results.skip(target.domain, "no_address")
    answer, host = where.answer, where.host
    args = {"host": host, "server": where.server.id, "detail": answer.status,
            "address": ", ".join(answer.records)}  # fmt: skip
    if answer.status is DnsStatus.OURS or (not answer.settled and not await ctx.dns.alive()):
        return results.error(host, "our_resolver", detail=str(answer.status))
    if any(ctx.guard.own(one) for one in answer.records):
        return results.ok(host, address=answer.records[0])
    if answer.records:
        return results.fail(host, "mail.host_name.elsewhere", args)
    return results.fail(host, "mail.host_name.unresolvable", args)


def _offered(target: Target, ctx: Context) -> bool:
    return any({"imaps", "submission"} & set(server.services) for server in ctx.settings.servers)


SPECS = (
    Spec(
        "mail.host_name", mail_name, frozenset({"mail", "mail_reputation", "status"}), own=True,
        applies=_offered,
    ),
)  # fmt: skip
