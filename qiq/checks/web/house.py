"""The host's own pages: control panel and webmail."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.fetch import Page
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web import signs
from qiq.settings import Settings

STANDARD = {"panel": 2083, "webmail": 443}


def _address_of(service: str, settings: Settings) -> tuple[str, str]:
    """Host and path of the page customers open."""
    brand = settings.brand
    url = brand.webmail_url if service == "webmail" else brand.control_panel_url
    if url:
        parts = urlsplit(url)
        return parts.hostname or "", parts.path or "/"
    offering = [server for server in settings.servers if service in server.services]
    return (str(offering[0].names[0]) if offering else ""), "/"


@dataclass(frozen=True)
class HousePage:
    """Where a page of the host's own is: ``standard`` is the port that customers know."""

    host: str
    path: str
    address: str
    port: int
    standard: int
    server_id: str

    @property
    def label(self) -> str:
        return f"{self.host}:{self.standard}"

    @property
    def args(self) -> dict[str, object]:
        return {
            "host": self.host, "port": self.standard, "address": self.address,
            "server": self.server_id,
        }  # fmt: skip


async def house_page(service: str, ctx: Context) -> HousePage | None:
    """Found once in a run; None when it has no address of ours."""

    async def find() -> HousePage | None:
        host, path = _address_of(service, ctx.settings)
        address = await _own_address(host, service, ctx) if host else ""
        if not address:
            return None
        server = ctx.settings.server_of(address)
        port, standard = ctx.settings.network.port(service), STANDARD[service]
        return HousePage(host, path, address, port, standard, server.id if server else "")

    return await ctx.once(("house", service), find)


async def page(service: str, target: Target, ctx: Context) -> CheckResult:
    where = await house_page(service, ctx)
    if where is None:
        return results.skip(service, "no_address")
    label, args = where.label, where.args
    connected = False
    try:
        async with ctx.dial.open(where.address, where.port):
            connected = True
        shown = await ctx.web.get("https", where.host, where.path, where.address, port=where.port)
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
