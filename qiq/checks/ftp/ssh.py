"""SFTP: does the SSH service introduce itself (RFC 4253 section 4.2)?"""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError, printable
from qiq.checks.ftp.wire import arguments, troubled
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import place
from qiq.checks.registry import Spec

BATTERIES = frozenset({"ftp", "status"})
FOREWORDS = 20


async def banner(target: Target, ctx: Context) -> CheckResult:
    where = await place("ssh", target, ctx)
    if where is None or not where.address:
        return results.skip("ssh", "no_address")
    label, connected, words = where.label("ssh"), False, ""
    try:
        async with ctx.dial.open(where.address, where.port) as line:
            connected = True
            for _ in range(FOREWORDS):
                words = printable(await line.line())
                if words.startswith("SSH-2.0-") or words.startswith("SSH-1.99-"):
                    return results.ok(label, banner=words)
                if _turned_away(words):
                    args = arguments(where, "ssh", words)
                    return results.fail(label, "ftp.ssh.unavailable", args, reply=words)
            raise WireError(Trouble.GARBAGE, words)
    except WireError as error:
        if error.trouble in (Trouble.CLOSED, Trouble.HUNG) and words:
            error = WireError(Trouble.GARBAGE, words)
        return troubled(where, "ssh", "ftp.ssh", error, connected)


def _turned_away(words: str) -> bool:
    """What sshd says when it has too many callers (MaxStartups)."""
    return any(
        sign in words.lower() for sign in ("exceeded", "not allowed at this time", "too many")
    )


def _offered(target: Target, ctx: Context) -> bool:
    return any("ssh" in server.services for server in ctx.settings.servers)


SPECS = (Spec("ftp.ssh", banner, BATTERIES, own=True, applies=_offered),)
