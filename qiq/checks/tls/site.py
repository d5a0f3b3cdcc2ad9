"""The certificate of the website."""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dial import tls_context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.tls.certificate import judge
from qiq.checks.tls.handshake import Handshake, read_handshake, with_any_certificate
from qiq.checks.web.place import SitePlace, site_place


async def certificate(target: Target, ctx: Context) -> CheckResult:
    """Shown for the name the customer gave, by our server."""
    where = await site_place(target, ctx)
    label = f"{where.host}:443"
    more = {"port": 443, "address": where.address, "server": where.server_id,
            "domain": target.domain}  # fmt: skip
    try:
        shown = await handshake(where, ctx)
    except WireError as error:
        args = {"host": where.host, "detail": error.detail, **more}
        if error.trouble is Trouble.OURS:
            return results.error(label, "our_network", detail=error.detail)
        if error.trouble is Trouble.TLS:
            return results.own(results.fail(label, "tls.host.handshake_failed", args))
        # Hung or cut off: the page checks say what that means.
        return results.skip(label, "parent", parent="web.https.page")
    family = "tls.host" if _is_hosts_own(where.host, ctx) else "tls.site"
    return judge(shown, where.host, family, label, more, ctx.settings.network.trust_roots)


async def handshake(where: SitePlace, ctx: Context) -> Handshake:
    """What our server shows for the site's name."""
    return await shown_at(where.host, where.address, ctx.settings.network.port("https"), ctx)


async def shown_at(host: str, address: str, port: int, ctx: Context) -> Handshake:
    """What is shown for ``host`` at a port where TLS begins at once. Raises ``WireError``."""

    async def hold(verify: bool, old: bool) -> Handshake:
        context = tls_context(ctx.settings.network.trust_roots, verify, old)
        async with ctx.dial.open(address, port, tls=context, name=host) as line:
            return read_handshake(line)

    shown = await with_any_certificate(hold)
    assert shown is not None
    return shown


def _is_hosts_own(host: str, ctx: Context) -> bool:
    return any(host in server.names for server in ctx.settings.servers)


def _offered(target: Target, ctx: Context) -> bool:
    return any("https" in server.services for server in ctx.settings.servers)


SPECS = (
    Spec(
        "tls.https.certificate", certificate, frozenset({"web"}), needs=("web.https.connect",),
        applies=_offered,
    ),
)  # fmt: skip
