"""Does a service answer over IPv6 as well, where its name leads to an IPv6 address of ours?

Programs try IPv6 first: a dead one means waiting, or no connection at all, for visitors who have it
while everything looks fine to the others.
"""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import STANDARD_PORTS, Place, place
from qiq.checks.registry import Spec
from qiq.checks.web.place import site_place


async def site(target: Target, ctx: Context) -> CheckResult:
    where = await site_place(target, ctx)
    return await _answers(where.host, "https", "web.server.ipv6", ctx)


async def mail(target: Target, ctx: Context) -> CheckResult:
    where: Place | None = await place("imaps", target, ctx)
    if where is None:
        return results.nothing("IPv6")
    return await _answers(where.host, "imaps", "mail.server.ipv6", ctx)


async def _answers(host: str, service: str, code: str, ctx: Context) -> CheckResult:
    found = await ctx.dns.ask(host, "AAAA")
    label = f"{host}:{STANDARD_PORTS[service]} (IPv6)"
    address = next((one for one in found.records if ctx.guard.own(one)), "")
    if not address:
        return results.nothing(label)
    try:
        async with ctx.dial.open(address, ctx.settings.network.port(service)):
            return results.ok(label, address=address)
    except WireError as error:
        if error.trouble not in (Trouble.REFUSED, Trouble.CLOSED):
            # No answer at all may as well mean that this machine has no IPv6 to speak of.
            return results.skip(label, "ipv6_unsure", detail=error.detail)
        args = {"host": host, "port": STANDARD_PORTS[service], "address": address}
        return results.fail(label, code, args, detail=error.detail)


def _web(target: Target, ctx: Context) -> bool:
    return any("https" in server.services for server in ctx.settings.servers)


def _mail(target: Target, ctx: Context) -> bool:
    return any("imaps" in server.services for server in ctx.settings.servers)


SPECS = (
    Spec("web.ipv6", site, frozenset({"web"}), required=False, own=True, applies=_web),
    Spec("mail.ipv6", mail, frozenset({"mail"}), required=False, own=True, applies=_mail),
)
