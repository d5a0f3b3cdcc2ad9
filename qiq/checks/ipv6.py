"""Does a service answer over IPv6 as well, where its name leads to an IPv6 address of ours?

Programs try IPv6 first: a dead one means waiting, or no connection at all, for visitors who have it
while everything looks fine to the others.
"""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import NoIpv6, Trouble, WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import STANDARD_PORTS, Place, offers, place
from qiq.checks.registry import Spec
from qiq.checks.web.place import site_place


async def site(target: Target, ctx: Context) -> CheckResult:
    where = await site_place(target, ctx)
    found = await ctx.dns.ask(where.host, "AAAA")
    # A server that is not meant to serve https cannot be repaired: dns.address says what is wrong.
    ours = [one for one in found.records if offers(one, ("https",), ctx)]
    return await _answers(where.host, ours, "https", "web", ctx)


async def mail(target: Target, ctx: Context) -> CheckResult:
    where: Place | None = await place("imaps", target, ctx)
    if where is None:
        return results.nothing("IPv6")
    found = await ctx.dns.ask(where.host, "AAAA")
    ours = [one for one in found.records if ctx.guard.own(one)]
    return await _answers(where.host, ours, "imaps", "mail", ctx)


async def _answers(
    host: str, ours: list[str], service: str, area: str, ctx: Context
) -> CheckResult:
    label = f"{host}:{STANDARD_PORTS[service]} (IPv6)"
    if not ours:
        return results.nothing(label)
    address = ours[0]
    try:
        async with ctx.dial.open(address, ctx.settings.network.port(service)):
            return results.ok(label, address=address)
    except NoIpv6 as error:
        return results.skip(label, "no_ipv6", detail=error.detail)
    except WireError as error:
        args = {"host": host, "port": STANDARD_PORTS[service], "address": address}
        if error.trouble in (Trouble.REFUSED, Trouble.CLOSED):
            return results.fail(label, f"{area}.server.ipv6", args, detail=error.detail)
        if error.trouble is Trouble.OURS:
            return results.needed(results.error(label, "our_network", detail=error.detail))
        # Packets may get lost at our server or on our own way there: that clears nobody.
        return results.needed(results.cannot_tell(label, f"{area}.server.ipv6_silent", args))


def _web(target: Target, ctx: Context) -> bool:
    return any("https" in server.services for server in ctx.settings.servers)


def _mail(target: Target, ctx: Context) -> bool:
    return any("imaps" in server.services for server in ctx.settings.servers)


SPECS = (
    Spec("web.ipv6", site, frozenset({"web"}), required=False, own=True, applies=_web),
    Spec("mail.ipv6", mail, frozenset({"mail"}), required=False, own=True, applies=_mail),
)
