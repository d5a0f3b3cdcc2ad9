"""A message to ourselves: log in, send, see it arrive, take it away. Proves what ports cannot."""

from __future__ import annotations

import asyncio
import base64
import secrets
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dial import LINES, Connection, tls_context
from qiq.checks.errors import Trouble, WireError, printable
from qiq.checks.guard import Refused
from qiq.checks.mail.session import EHLO_NAME
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import STANDARD_PORTS, Place, place
from qiq.checks.registry import Spec
from qiq.settings import MissingSecret
from qiq.settings.mail import Canary

BATTERIES = frozenset({"mail", "status"})
LOOK_EVERY = 0.25
PATIENCE = 0.4
"""Share of the battery a message must have been waited for before it counts as held up."""
BEFORE_LOGIN = frozenset({"connect", "greeting", "EHLO"})


class _No(Exception):
    """The server said no: ``code`` is the cause, ``reply`` its words."""

    def __init__(self, code: str, where: Place, service: str, reply: str, step: str) -> None:
        super().__init__(reply)
        self.code, self.where, self.service = code, where, service
        self.reply, self.step = printable(reply), step


async def canary(target: Target, ctx: Context) -> CheckResult:
    """The whole way of a message: submission in, mailbox out."""
    box = ctx.settings.mail.canary
    assert box is not None
    out = await place("submissions", target, ctx) or await place("submission", target, ctx)
    back = await place("imaps", target, ctx)
    if out is None or back is None or not out.address or not back.address:
        return results.skip(box.address, "no_address")
    try:
        password = ctx.settings.secret(box.password_env)
    except MissingSecret as error:
        return results.error(box.address, "canary_not_ready", detail=error.env_name)
    token = secrets.token_hex(12)
    started = asyncio.get_running_loop().time()
    try:
        await _send(box, password, token, out, ctx)
        sent = asyncio.get_running_loop().time() - started
        await _await_arrival(box, password, token, back, ctx)
    except _No as no:
        return _refused(box, no, ctx, token)
    except Refused:
        return results.skip(box.address, "refused_target")
    took = asyncio.get_running_loop().time() - started
    return results.ok(
        back.label("imaps"), sent_ms=round(sent * 1000), arrived_ms=round(took * 1000)
    )


def _refused(box: Canary, no: _No, ctx: Context, token: str) -> CheckResult:
    label = no.where.label(no.service)
    args = {
        "host": no.where.host, "port": STANDARD_PORTS[no.service], "reply": no.reply,
        "step": no.step, "server": no.where.server.id, "token": token,
        "seconds": f"{ctx.deadline.total:.0f}", "address": no.where.address,
    }  # fmt: skip
    if no.code == "no_service":
        # The checks of that service look at this more closely.
        return results.skip(label, "parent", parent=f"mail.{no.service}.connect")
    if no.code == "out_of_time":
        return results.error(label, "out_of_time")
    if no.code == "tls":
        return results.skip(label, "parent", parent=f"tls.{no.service}.certificate")
    if no.code == "ours":
        return results.error(label, "our_network", detail=no.reply)
    return results.fail(label, f"mail.canary.{no.code}", args, reply=no.reply)


async def _send(box: Canary, password: str, token: str, where: Place, ctx: Context) -> None:
    service = (
        "submissions" if where.port == ctx.settings.network.port("submissions") else "submission"
    )
    step = "connect"

    async def expect(line: Connection, wanted: str, code: str) -> str:
        reply = await _smtp(line)
        if not reply.startswith(wanted):
            raise _No(code, where, service, reply, step)
        return reply

    try:
        async with ctx.dial.open(where.address, where.port) as line:
            if service == "submissions":
                await line.start_tls(_any_tls(), where.host)
                await expect(line, "2", "send_refused")
            else:
                await expect(line, "2", "send_refused")
                await line.send(f"EHLO {EHLO_NAME}")
                await expect(line, "2", "send_refused")
                await line.send("STARTTLS")
                await expect(line, "2", "send_refused")
                await line.start_tls(_any_tls(), where.host)
            step = "EHLO"
            await line.send(f"EHLO {EHLO_NAME}")
            await expect(line, "2", "send_refused")
            step = "AUTH"
            plain = base64.b64encode(f"\0{box.username}\0{password}".encode()).decode()
            await line.send(f"AUTH PLAIN {plain}")
            await expect(line, "2", "login_refused")
            commands = (
                (f"MAIL FROM:<{box.address}>", "2"),
                (f"RCPT TO:<{box.address}>", "2"),
                ("DATA", "3"),
            )
            for command, wanted in commands:
                step = command.partition(":")[0]
                await line.send(command)
                await expect(line, wanted, "send_refused")
            step = "message"
            await line.send(_message(box.address, token) + "\r\n.")
            await expect(line, "2", "send_refused")
    except WireError as error:
        raise _wire(error, where, service, step) from error


async def _await_arrival(
    box: Canary, password: str, token: str, where: Place, ctx: Context
) -> None:
    step = "connect"
    try:
        async with ctx.dial.open(where.address, where.port) as line:
            await line.start_tls(_any_tls(), where.host)
            step = "greeting"
            await line.line()
            step = "LOGIN"
            talk = _Imap(line)
            user, secret = _quoted(box.username), _quoted(password)
            status, _ = await talk.command(f"LOGIN {user} {secret}")
            if not status.startswith("OK"):
                raise _No("login_refused", where, "imaps", status, step)
            step = "SELECT"
            status, _ = await talk.command("SELECT INBOX")
            if not status.startswith("OK"):
                raise _No("mailbox_closed", where, "imaps", status, step)
            step = "SEARCH"
            await _look_until_there(talk, token, where, ctx)
    except WireError as error:
        raise _wire(error, where, "imaps", step) from error


async def _look_until_there(talk: _Imap, token: str, where: Place, ctx: Context) -> None:
    waited_from = ctx.deadline.left()
    while ctx.deadline.left() > LOOK_EVERY * 3:
        status, lines = await talk.command(f'UID SEARCH SUBJECT "{token}"')
        uids = [
            word for line in lines if line.upper().startswith("SEARCH") for word in line.split()[1:]
        ]
        if status.startswith("OK") and uids:
            await talk.command(f"UID STORE {uids[0]} +FLAGS.SILENT (\\Deleted)")
            await talk.command("EXPUNGE")
            return
        await asyncio.sleep(LOOK_EVERY)
        await talk.command("NOOP")
    enough = waited_from - ctx.deadline.left() > ctx.deadline.total * PATIENCE
    code = "not_delivered" if enough else "out_of_time"
    raise _No(code, where, "imaps", "the message did not arrive", "SEARCH")


class _Imap:
    """Tagged commands, one after the other."""

    def __init__(self, line: Connection) -> None:
        self._line, self._count = line, 0

    async def command(self, text: str) -> tuple[str, list[str]]:
        """The tagged status and the untagged lines."""
        self._count += 1
        tag = f"c{self._count}"
        await self._line.send(f"{tag} {text}")
        untagged: list[str] = []
        for _ in range(LINES):
            raw = await self._line.line()
            if raw.startswith(f"{tag} "):
                return raw[len(tag) + 1 :].upper(), untagged
            untagged.append(raw.removeprefix("* "))
        raise WireError(Trouble.GARBAGE, "an endless reply")


async def _smtp(line: Connection) -> str:
    for _ in range(LINES):
        raw = await line.line()
        if raw[3:4] != "-":
            return raw
    raise WireError(Trouble.GARBAGE, "an endless reply")


def _wire(error: WireError, where: Place, service: str, step: str) -> _No:
    if error.trouble is Trouble.OURS:
        return _No("ours", where, service, error.detail, step)
    if error.trouble is Trouble.TLS:
        return _No("tls", where, service, error.detail, step)
    if step in BEFORE_LOGIN:
        return _No("no_service", where, service, error.detail, step)
    return _No("hung", where, service, str(error), step)


def _any_tls() -> ssl.SSLContext:
    """Certificates are judged elsewhere; here they would only hide whether mail flows."""
    return tls_context(None, verify=False, old=True)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _message(address: str, token: str) -> str:
    message = EmailMessage()
    message["From"] = message["To"] = address
    message["Subject"] = f"Test of the mail server {token}"
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{token}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("This message was sent by a check and removes itself.")
    return message.as_string().rstrip("\n").replace("\n", "\r\n")


def _configured(target: Target, ctx: Context) -> bool:
    return ctx.settings.mail.canary is not None


SPECS = (
    Spec("mail.canary", canary, BATTERIES, own=True, applies=_configured),
)  # fmt: skip
