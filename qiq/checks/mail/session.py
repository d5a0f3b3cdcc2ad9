"""One conversation with a mail service: greeting, abilities, STARTTLS. Facts only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import count

from qiq.checks.context import Context
from qiq.checks.dial import LINES, Connection, tls_context
from qiq.checks.errors import CertificateError, Trouble, WireError, printable
from qiq.checks.model import Target
from qiq.checks.places import Place, place
from qiq.checks.tls.handshake import Handshake, read_handshake

IMPLICIT = frozenset({"submissions", "imaps", "pop3s"})
EHLO_NAME = "checks.invalid"


@dataclass
class Session:
    """What happened. ``step`` is the last one begun; ``trouble`` what ended the talk early."""

    service: str
    place: Place
    step: str = "connect"
    trouble: WireError | None = None
    greeting: str = ""
    refused: str = ""
    plain: tuple[str, ...] = ()
    secure: tuple[str, ...] = ()
    starttls_offered: bool = True
    starttls_refused: str = ""
    handshake: Handshake | None = None
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def connected(self) -> bool:
        return self.step != "connect"


async def session(service: str, target: Target, ctx: Context) -> Session | None:
    """The talk with ``service``, held once in a run; None when the host has no such address."""

    async def hold() -> Session | None:
        where = await place(service, target, ctx)
        if where is None or not where.address:
            return None
        return await _with_any_certificate(Session(service, where), ctx)

    return await ctx.once(("session", service), hold)


async def _with_any_certificate(first: Session, ctx: Context) -> Session:
    """Trusted certificates first; another look only when TLS fails, to see what is wrong."""
    tried = await _hold(first, ctx, verify=True, old=False)
    refusal = tried.trouble
    # Servers that speak only old versions often hang up instead of saying so.
    cut = refusal is not None and tried.step == "tls" and refusal.trouble is Trouble.CLOSED
    if refusal is None or not (cut or refusal.trouble is Trouble.TLS):
        return tried
    blank = Session(first.service, first.place)
    old = not isinstance(refusal, CertificateError)
    again = await _hold(blank, ctx, verify=False, old=old)
    if again.handshake is None:
        return tried
    code = refusal.code if isinstance(refusal, CertificateError) else 0
    again.handshake = replace(again.handshake, verify_code=code, verify_text=refusal.detail)
    return again


async def _hold(talk: Session, ctx: Context, *, verify: bool, old: bool) -> Session:
    context = tls_context(ctx.settings.network.trust_roots, verify, old)
    dialogue = TALKS[talk.service.removesuffix("s")]
    try:
        async with ctx.dial.open(talk.place.address, talk.place.port) as line:
            if talk.service in IMPLICIT:
                talk.step = "tls"
                await line.start_tls(context, talk.place.host)
                talk.handshake = read_handshake(line)

            async def upgrade() -> None:
                talk.step = "tls"
                await line.start_tls(context, talk.place.host)
                talk.handshake = read_handshake(line)

            talk.step = "greeting"
            await dialogue(talk, line, upgrade)
    except WireError as error:
        talk.trouble = error
    return talk


Upgrade = Callable[[], Awaitable[None]]


async def _abilities(
    talk: Session,
    read: Callable[[], Awaitable[tuple[str, ...]]],
    offer: str,
    ask: Callable[[], Awaitable[str]],
    upgrade: Upgrade,
) -> None:
    """What the service can do, before TLS where it starts without, and after.

    ``offer`` is the ability that promises TLS; ``ask`` asks for it and returns the refusal, or "".
    """
    talk.step = "capabilities"
    found = await read()
    if talk.service in IMPLICIT:
        talk.secure = found
        return
    talk.plain = found
    talk.starttls_offered = offer in found
    if not talk.starttls_offered:
        return
    talk.step = "starttls"
    talk.starttls_refused = await ask()
    if talk.starttls_refused:
        return
    await upgrade()
    talk.step = "capabilities"
    talk.secure = await read()


async def _smtp(talk: Session, line: Connection, upgrade: Upgrade) -> None:
    code, lines = await _smtp_reply(line)
    talk.greeting = " ".join(lines)
    if code != 220:
        talk.refused = f"{code} {talk.greeting}"
        return

    async def ask() -> str:
        await line.send("STARTTLS")
        code, lines = await _smtp_reply(line)
        return "" if code == 220 else f"{code} {' '.join(lines)}"

    await _abilities(talk, lambda: _ehlo(talk, line), "STARTTLS", ask, upgrade)


async def _ehlo(talk: Session, line: Connection) -> tuple[str, ...]:
    await line.send(f"EHLO {EHLO_NAME}")
    code, lines = await _smtp_reply(line)
    if code != 250:
        talk.refused = f"{code} {' '.join(lines)}"
    return tuple(text.upper() for text in lines[1:])


async def _smtp_reply(line: Connection) -> tuple[int, list[str]]:
    """A whole reply (RFC 5321 section 4.2.1)."""
    texts: list[str] = []
    for _ in range(LINES):
        raw = await line.line()
        match = re.match(r"^([2-5]\d\d)([ -]?)(.*)$", raw)
        if not match:
            raise WireError(Trouble.GARBAGE, printable(raw))
        texts.append(printable(match[3]))
        if match[2] != "-":
            return int(match[1]), texts
    raise WireError(Trouble.GARBAGE, "an endless reply")


async def _imap(talk: Session, line: Connection, upgrade: Upgrade) -> None:
    greeting = await line.line()
    talk.greeting = printable(greeting)
    if greeting.upper().startswith("* BYE"):
        talk.refused = talk.greeting
        return
    if not greeting.upper().startswith(("* OK", "* PREAUTH")):
        raise WireError(Trouble.GARBAGE, talk.greeting)
    tags = (f"a{number}" for number in count(1))

    async def ask() -> str:
        reply = await _imap_command(line, next(tags), "STARTTLS", [])
        return "" if reply.startswith("OK") else reply or "no reason given"

    await _abilities(talk, lambda: _imap_capabilities(line, next(tags)), "STARTTLS", ask, upgrade)


async def _imap_capabilities(line: Connection, tag: str) -> tuple[str, ...]:
    untagged: list[str] = []
    await _imap_command(line, tag, "CAPABILITY", untagged)
    words = [w for text in untagged if text.upper().startswith("CAPABILITY") for w in text.split()]
    return tuple(word.upper() for word in words)


async def _imap_command(line: Connection, tag: str, command: str, untagged: list[str]) -> str:
    await line.send(f"{tag} {command}")
    for _ in range(LINES):
        raw = await line.line()
        if raw.startswith(f"{tag} "):
            return printable(raw[len(tag) + 1 :])
        if not raw.startswith("* "):
            raise WireError(Trouble.GARBAGE, printable(raw))
        if raw.upper().startswith("* BYE"):
            raise WireError(Trouble.CLOSED, printable(raw))
        untagged.append(raw[2:])
    raise WireError(Trouble.GARBAGE, "an endless reply")


async def _pop3(talk: Session, line: Connection, upgrade: Upgrade) -> None:
    greeting = await line.line()
    talk.greeting = printable(greeting)
    if greeting.startswith("-ERR"):
        talk.refused = talk.greeting
        return
    if not greeting.startswith("+OK"):
        raise WireError(Trouble.GARBAGE, talk.greeting)

    async def ask() -> str:
        await line.send("STLS")
        reply = await line.line()
        return "" if reply.startswith("+OK") else printable(reply) or "no reason given"

    await _abilities(talk, lambda: _pop3_capabilities(line), "STLS", ask, upgrade)


async def _pop3_capabilities(line: Connection) -> tuple[str, ...]:
    await line.send("CAPA")
    first = await line.line()
    if first.startswith("-ERR"):  # RFC 2449 is optional
        return ("USER",)
    if not first.startswith("+OK"):
        raise WireError(Trouble.GARBAGE, printable(first))
    found: list[str] = []
    for _ in range(LINES):
        raw = await line.line()
        if raw == ".":
            return tuple(found)
        found.append(printable(raw).upper())
    raise WireError(Trouble.GARBAGE, "an endless reply")


TALKS = {"smtp": _smtp, "submission": _smtp, "imap": _imap, "pop3": _pop3}
