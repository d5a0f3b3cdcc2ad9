"""Does our server take mail for the domain? Asked for postmaster: nobody can list mailboxes."""

from __future__ import annotations

import re

from qiq.checks import places, results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError, printable
from qiq.checks.mail.canary import _smtp
from qiq.checks.mail.session import EHLO_NAME
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import place
from qiq.checks.registry import Spec

BATTERIES = frozenset({"mail", "mail_reputation"})
NOT_LOCAL = re.compile(
    r"relay|not (a )?local|no such domain|unknown domain|domain (is )?(unknown|not)|5\.7\.1|5\.1\.2"
    r"|not hosted|unrouteable",
    re.IGNORECASE,
)


async def accepted(target: Target, ctx: Context) -> CheckResult:
    """RCPT TO postmaster on port 25 (RFC 5321 section 4.5.1 makes it a must)."""
    return await _ask(f"postmaster@{target.domain}", target, ctx)


async def mailbox(target: Target, ctx: Context) -> CheckResult:
    """The same for one mailbox, of a verified customer only."""
    assert target.email is not None
    return await _ask(target.email, target, ctx)


async def _ask(address: str, target: Target, ctx: Context) -> CheckResult:
    where = await place("smtp", target, ctx)
    if where is None or not where.address:
        return results.skip(address, "no_address")
    known = await places.facts(target, ctx)
    if known is not None and known.mail_routing == "remote":
        return results.ok(address, routing="remote")
    label = where.label("smtp")
    try:
        code, reply = await _rcpt(address, where, ctx)
    except WireError as error:
        if error.trouble is Trouble.OURS:
            return results.error(label, "our_network", detail=error.detail)
        return results.skip(label, "parent", parent="mail.smtp.dialogue")
    args = {
        "host": where.host, "domain": target.domain, "port": 25, "reply": reply,
        "server": where.server.id, "email": address, "address": where.address,
    }  # fmt: skip
    if code < 300:
        return results.ok(label, reply=reply)
    if code < 500:
        # Greylisting and the like: "later" is not "no" (RFC 6647).
        return results.ok(label, reply=reply)
    if NOT_LOCAL.search(reply) and address.startswith("postmaster@"):
        return results.own(results.fail(label, "mail.domain.not_accepted", args))
    if not address.startswith("postmaster@"):
        # The account checks know why; here only that senders get it back.
        return results.fail(label, "mail.mailbox.refused", args)
    return results.fail(label, "mail.domain.refused", args)


async def _rcpt(address: str, where: places.Place, ctx: Context) -> tuple[int, str]:
    async with ctx.dial.open(where.address, where.port) as line:
        reply = await _smtp(line)
        for command in (f"EHLO {EHLO_NAME}", "MAIL FROM:<>", f"RCPT TO:<{address}>"):
            if not reply.startswith("2"):
                break
            await line.send(command)
            reply = await _smtp(line)
        await line.send("QUIT")
    return int(reply[:3]) if reply[:3].isdigit() else 0, printable(reply)


def _own_mailbox(target: Target, ctx: Context) -> bool:
    """A verified customer's mailbox of the verified domain: nobody else may ask for one."""
    if not target.verified or target.email is None or not _smtp_here(target, ctx):
        return False
    return target.email.rpartition("@")[2].lower() == target.domain


def _smtp_here(target: Target, ctx: Context) -> bool:
    return any("smtp" in server.services for server in ctx.settings.servers)


SPECS = (
    Spec(
        "mail.domain_accepted", accepted, BATTERIES, needs=("mail.smtp.dialogue",),
        applies=_smtp_here,
    ),
    Spec(
        "mail.mailbox_accepted", mailbox, BATTERIES, needs=("mail.smtp.dialogue",),
        applies=_own_mailbox,
    ),
)  # fmt: skip
