"""A warning that names another issuer than our certificate has: something sits in between."""

from __future__ import annotations

import contextlib
import re

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import WireError
from qiq.checks.mail.session import session
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.tls.handshake import Handshake
from qiq.checks.tls.site import handshake
from qiq.checks.web.place import site_place

MAIL_SERVICES = ("imaps", "submissions", "submission", "imap", "pop3s")
NOISE = re.compile(r"[^a-z0-9 ]")


async def seen(target: Target, ctx: Context) -> CheckResult:
    """Compares with every certificate of ours the customer could have met."""
    ours = await _ours(target, ctx)
    if not ours:
        return results.skip(target.domain, "parent", parent="tls.imaps.certificate")
    named = target.seen_issuer or ""
    issuers = sorted({one.issuer for one in ours} | {one.issuer_organisation for one in ours})
    if any(_alike(named, issuer) for issuer in issuers):
        return results.ok(target.domain, seen=named, ours=", ".join(issuers))
    args = {"seen": named, "ours": ours[0].issuer_organisation or ours[0].issuer}
    return results.fail(target.domain, "client.interception", args, ours=", ".join(issuers))


async def _ours(target: Target, ctx: Context) -> list[Handshake]:
    found = []
    for service in MAIL_SERVICES:
        talk = await session(service, target, ctx)
        if talk is not None and talk.handshake is not None:
            found.append(talk.handshake)
    where = await site_place(target, ctx)
    if where.address:
        with contextlib.suppress(WireError):
            found.append(await ctx.once("site certificate", lambda: handshake(where, ctx)))
    return found


def _alike(one: str, other: str) -> bool:
    """The same name but for case, punctuation and parts left out."""
    a, b = (set(NOISE.sub(" ", text.lower()).split()) for text in (one, other))
    return bool(a) and bool(b) and (a <= b or b <= a)


def _given(target: Target, ctx: Context) -> bool:
    return bool((target.seen_issuer or "").strip())


SPECS = (Spec("tls.issuer_seen", seen, frozenset({"mail", "web"}), applies=_given),)
