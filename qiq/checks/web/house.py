"""The host's own pages: control panel and webmail."""

from __future__ import annotations

from urllib.parse import urlsplit

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.fetch import Page
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web import signs
from qiq.settings import Settings

HOPS = 4


def _address_of(service: str, settings: Settings) -> tuple[str, str]:
    """Host and path of the page customers open."""
    brand = settings.brand
    url = brand.webmail_url if service == "webmail" else brand.control_panel_url
    if url:
        parts = urlsplit(url)
        return parts.hostname or "", parts.path or "/"
    offering = [server for server in settings.servers if service in server.services]
    return (str(offering[0].names[0]) if offering else ""), "/"


async def page(service: str, target: Target, ctx: Context) -> CheckResult:
    host, path = _address_of(service, ctx.settings)
    if not host:
        return results.skip(service, "no_address")
    address = await _own_address(host, service, ctx)
    if not address:
        return results.skip(host, "no_address")
    port = ctx.settings.network.port(service)
    standard = 443 if service == "webmail" else 2083
    label = f"{host}:{standard}"
    server = ctx.settings.server_of(address)
    args: dict[str, object] = {
        "host": host, "port": standard, "address": address, "server": server.id if server else "",
    }  # fmt: skip
    connected = False
    try:
        async with ctx.dial.open(address, port):
            connected = True
        shown = await ctx.web.get("https", host, path, address, port=port)
    except WireError as error:
        if error.trouble is Trouble.OURS:
            return results.error(label, "our_network", detail=error.detail)
        kinds = {Trouble.REFUSED: "refused", Trouble.CLOSED: "closed", Trouble.GARBAGE: "garbage",
                 Trouble.TLS: "garbage"}  # fmt: skip
        kind = kinds.get(error.trouble, "hung" if connected else "timeout")
        return results.fail(label, f"{service}.{kind}", {**args, "detail": error.detail})
    wrong = _wrong(shown)
    if wrong:
        return results.fail(label, f"{service}.error", {**args, "detail": wrong})
    return results.ok(label, status=shown.status)


def _wrong(shown: Page) -> str:
    """What is wrong with the page; a login page may well answer 401."""
    if shown.status >= 400 and shown.status != 401:
        return f"status {shown.status}"
    sign = signs.trouble(shown.body)
    return (
        sign.name if sign is not None and sign.kind in ("database", "php_fatal", "default") else ""
    )


async def _own_address(host: str, service: str, ctx: Context) -> str:
    answer = await ctx.dns.ask(host, "A")
    found = next((one for one in answer.records if ctx.guard.own(one)), "")
    if found:
        return found
    for server in ctx.settings.servers:
        fixed = [net for net in server.networks if net.num_addresses == 1]
        if service in server.services and fixed:
            return str(fixed[0].network_address)
    return ""


def _spec(service: str) -> Spec:
    async def run(target: Target, ctx: Context) -> CheckResult:
        return await page(service, target, ctx)

    def applies(target: Target, ctx: Context) -> bool:
        return any(service in server.services for server in ctx.settings.servers)

    batteries = frozenset({service, "status"})
    return Spec(f"web.{service}", run, batteries, own=True, applies=applies)


SPECS = (_spec("panel"), _spec("webmail"))
