"""The server name set in the customer's mail program: does it lead to our mail server?"""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dns.unsettled import unsettled
from qiq.checks.mail.session import session
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web.visit import hosted
from qiq.hosting.names import a_label

BATTERIES = frozenset({"mail"})
LOOKED_AT = ("imaps", "submissions", "submission", "imap", "pop3s")


async def mail_name(target: Target, ctx: Context) -> CheckResult:
    """Only names of hosted domains and of the host are looked up."""
    host = _named(target)
    if not host or not await hosted(host, target, ctx):
        return results.skip(host or "server name", "refused_target")
    answer = await ctx.dns.ask(host, "A")
    if not answer.settled:
        return await unsettled(host, answer, target.domain, ctx)
    expected = ctx.settings.mail.incoming[0].host
    args = {"host": host, "domain": target.domain, "expected": expected, "detail": answer.status}
    if not answer.records:
        return results.fail(host, "dns.mail_name.missing", args)
    foreign = next((one for one in answer.records if not ctx.guard.own(one)), None)
    if foreign:
        return results.fail(host, "dns.mail_name.elsewhere", {**args, "address": foreign})
    return results.ok(host, address=answer.records[0])


async def on_certificate(target: Target, ctx: Context) -> CheckResult:
    """Whether that name is on the certificate our mail server shows."""
    host = _named(target)
    for service in LOOKED_AT:
        talk = await session(service, target, ctx)
        if talk is not None and talk.handshake is not None:
            shown = talk.handshake
            if shown.covers(host):
                return results.ok(host, names=", ".join(shown.names[:10]))
            args = {"named": host, "expected": talk.place.host, "names": ", ".join(shown.names[:5])}
            return results.fail(host, "tls.name.wrong_server_name", args)
    return results.skip(host, "parent", parent="tls.imaps.certificate")


def _named(target: Target) -> str:
    try:
        return a_label(target.named_server or "")
    except ValueError:
        return ""


def _given(target: Target, ctx: Context) -> bool:
    return bool(_named(target))


SPECS = (
    Spec("dns.mail_name", mail_name, BATTERIES, required=False, applies=_given),
    Spec(
        "tls.named_server", on_certificate, BATTERIES, needs=("dns.mail_name",), required=False,
        applies=_given,
    ),
)  # fmt: skip
