"""The certificate of the website."""

from __future__ import annotations

from dataclasses import replace

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dial import tls_context
from qiq.checks.errors import CertificateError, Trouble, WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.tls.certificate import judge
from qiq.checks.tls.handshake import Handshake, read_handshake
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
    """Trusted certificates first, then any, to see what is wrong with it."""
    try:
        return await _hold(where, ctx, verify=True, old=False)
    except WireError as error:
        if error.trouble is not Trouble.TLS:
            raise
        code = error.code if isinstance(error, CertificateError) else 0
        shown = await _hold(where, ctx, verify=False, old=code == 0)
        return replace(shown, verify_code=code, verify_text=error.detail)


async def _hold(where: SitePlace, ctx: Context, *, verify: bool, old: bool) -> Handshake:
    context = tls_context(ctx.settings.network.trust_roots, verify, old)
    port = ctx.settings.network.port("https")
    async with ctx.dial.open(where.address, port, tls=context, name=where.host) as line:
        return read_handshake(line)


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
