"""FTP: connection, greeting, and explicit TLS (RFC 4217)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dial import LINES, Connection, tls_context
from qiq.checks.errors import Trouble, WireError, printable
from qiq.checks.ftp.wire import arguments, troubled
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import Place, place
from qiq.checks.registry import Spec
from qiq.checks.tls.certificate import judge
from qiq.checks.tls.handshake import Handshake, read_handshake, with_any_certificate

BATTERIES = frozenset({"ftp", "status"})


@dataclass
class Talk:
    """``greeting`` is the reply to connecting, ``auth`` the one to AUTH TLS."""

    where: Place
    connected: bool = False
    greeting: str = ""
    auth: str = ""
    shown: Handshake | None = None
    trouble: WireError | None = None


async def talk(target: Target, ctx: Context) -> Talk | None:
    """Held once in a run."""

    async def hold() -> Talk | None:
        where = await place("ftp", target, ctx)
        if where is None or not where.address:
            return None
        said = Talk(where)
        try:
            said.shown = await with_any_certificate(lambda *how: _hold(said, ctx, *how))
        except WireError as error:
            said.trouble = error
        return said

    return await ctx.once("ftp", hold)


async def _hold(said: Talk, ctx: Context, verify: bool, old: bool) -> Handshake | None:
    """The certificate shown after AUTH TLS; None when the server does not get that far."""
    async with ctx.dial.open(said.where.address, said.where.port) as line:
        said.connected = True
        said.greeting = await _reply(line)
        if not said.greeting.startswith("220"):
            return None
        await line.send("AUTH TLS")
        said.auth = await _reply(line)
        if not said.auth.startswith("234"):
            return None
        context = tls_context(ctx.settings.network.trust_roots, verify, old)
        await line.start_tls(context, said.where.host)
        return read_handshake(line)


async def _reply(line: Connection) -> str:
    """A reply, the last line of a long one (RFC 959 section 4.2)."""
    for _ in range(LINES):
        raw = await line.line()
        if re.match(r"^[1-5]\d\d ", raw):
            return printable(raw)
        if not re.match(r"^([1-5]\d\d-|\s)", raw):
            raise WireError(Trouble.GARBAGE, printable(raw))
    raise WireError(Trouble.GARBAGE, "an endless reply")


async def connect(target: Target, ctx: Context) -> CheckResult:
    said = await talk(target, ctx)
    if said is None:
        return results.skip("ftp", "no_address")
    label = said.where.label("ftp")
    if said.trouble is not None and not said.greeting:
        return troubled(said.where, "ftp", "ftp.server", said.trouble, said.connected)
    if not said.greeting.startswith("220"):
        args = arguments(said.where, "ftp", said.greeting)
        return results.fail(label, "ftp.server.unavailable", args, reply=said.greeting)
    return results.ok(label, greeting=said.greeting)


async def encryption(target: Target, ctx: Context) -> CheckResult:
    said = await talk(target, ctx)
    if said is None:
        return results.skip("ftp", "no_address")
    label = said.where.label("ftp")
    if said.shown is not None:
        return results.ok(label, version=said.shown.version)
    if said.auth and not said.auth.startswith("234"):
        args = arguments(said.where, "ftp", said.auth)
        return results.fail(label, "ftp.tls.missing", args, reply=said.auth)
    detail = said.trouble.detail if said.trouble else "no reply"
    if said.trouble is not None and said.trouble.trouble is Trouble.OURS:
        return results.error(label, "our_network", detail=detail)
    return results.fail(label, "ftp.tls.failed", arguments(said.where, "ftp", detail))


async def certificate(target: Target, ctx: Context) -> CheckResult:
    said = await talk(target, ctx)
    if said is None or said.shown is None:
        return results.skip("ftp", "parent", parent="ftp.tls")
    where = said.where
    more = {"port": 21, "address": where.address, "server": where.server.id}
    roots = ctx.settings.network.trust_roots
    return judge(said.shown, where.host, "tls.host", where.label("ftp"), more, roots)


def _offered(target: Target, ctx: Context) -> bool:
    return any("ftp" in server.services for server in ctx.settings.servers)


SPECS = (
    Spec("ftp.connect", connect, BATTERIES, own=True, applies=_offered),
    Spec("ftp.tls", encryption, BATTERIES, needs=("ftp.connect",), own=True, applies=_offered),
    Spec(
        "tls.ftp.certificate", certificate, BATTERIES, needs=("ftp.tls",), own=True,
        applies=_offered,
    ),
)  # fmt: skip
