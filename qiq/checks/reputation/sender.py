"""The address that the domain's mail is sent from."""

from __future__ import annotations

from qiq.checks.context import Context
from qiq.checks.model import Target
from qiq.checks.places import Place, place

BATTERIES = frozenset({"mail_reputation"})


async def sender(target: Target, ctx: Context) -> Place | None:
    """The host's outgoing mail server of this domain."""
    for service in ("submission", "submissions", "smtp"):
        where = await place(service, target, ctx)
        if where is not None and where.address:
            return where
    return None


def configured_zones(target: Target, ctx: Context) -> bool:
    return bool(ctx.settings.network.dnsbl)
