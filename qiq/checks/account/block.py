"""Is the visitor's own address shut out by the host's firewall? Told to that visitor only."""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.hosting import HostingError

BATTERIES = frozenset({"mail", "web", "ftp", "panel", "account", "mail_reputation"})


async def visitor(target: Target, ctx: Context) -> CheckResult:
    assert target.visitor_ip is not None
    try:
        block = await ctx.hosting.block(target.visitor_ip)
    except HostingError as error:
        return results.error(target.visitor_ip, "panel_failed", detail=str(error))
    if block is None:
        return results.ok(target.visitor_ip)
    args = {"ip": target.visitor_ip, "server": block.server,
            "reason": block.reason or "no reason was noted"}  # fmt: skip
    return results.fail(target.visitor_ip, "account.visitor_blocked", args)


def _known(target: Target, ctx: Context) -> bool:
    return target.visitor_ip is not None


SPECS = (Spec("account.visitor_block", visitor, BATTERIES, applies=_known),)
