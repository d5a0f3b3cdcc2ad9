"""The certificates of control panel and webmail."""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.tls.certificate import judge
from qiq.checks.tls.site import shown_at
from qiq.checks.web.house import STANDARD, house_page


async def certificate(service: str, target: Target, ctx: Context) -> CheckResult:
    where = await house_page(service, ctx)
    if where is None:
        return results.skip(service, "no_address")
    try:
        shown = await shown_at(where.host, where.address, where.port, ctx)
    except WireError as error:
        if error.trouble is Trouble.TLS:
            args = {**where.args, "detail": error.detail}
            return results.fail(where.label, "tls.host.handshake_failed", args)
        # Refused, hung or cut off: the page check says what that means.
        return results.skip(where.label, "parent", parent=f"web.{service}")
    roots = ctx.settings.network.trust_roots
    return judge(shown, where.host, "tls.host", where.label, where.args, roots)


def _spec(service: str) -> Spec:
    async def run(target: Target, ctx: Context) -> CheckResult:
        return await certificate(service, target, ctx)

    def applies(target: Target, ctx: Context) -> bool:
        return any(service in server.services for server in ctx.settings.servers)

    return Spec(
        f"tls.{service}.certificate", run, frozenset({service, "status"}), own=True,
        applies=applies,
    )  # fmt: skip


SPECS = tuple(_spec(service) for service in STANDARD)
