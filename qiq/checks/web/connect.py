"""Does the web server take connections at all?"""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dial import CONNECT_SHARE
from qiq.checks.errors import Trouble, WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web.place import site_place

BATTERIES = frozenset({"web"})


async def connect(service: str, target: Target, ctx: Context) -> CheckResult:
    where = await site_place(target, ctx)
    standard = {"http": 80, "https": 443}[service]
    label = f"{where.host}:{standard}"
    if not where.address:
        return results.skip(label, "no_address")
    port = ctx.settings.network.port(service)
    try:
        async with ctx.dial.open(where.address, port):
            return results.ok(label, address=where.address)
    except WireError as error:
        if error.trouble is Trouble.OURS:
            return results.error(label, "our_network", detail=error.detail)
        kind = {Trouble.REFUSED: "refused", Trouble.CLOSED: "closed"}.get(error.trouble, "timeout")
        args = {
            "host": where.host, "port": standard, "address": where.address,
            "server": where.server_id, "seconds": f"{ctx.deadline.total * CONNECT_SHARE:.1f}",
            "detail": error.detail,
        }  # fmt: skip
        return results.fail(label, f"web.server.{kind}", args, detail=error.detail)


def _spec(service: str) -> Spec:
    async def run(target: Target, ctx: Context) -> CheckResult:
        return await connect(service, target, ctx)

    def applies(target: Target, ctx: Context) -> bool:
        return any(service in server.services for server in ctx.settings.servers)

    return Spec(f"web.{service}.connect", run, BATTERIES, own=True, applies=applies)


SPECS = (_spec("http"), _spec("https"))
