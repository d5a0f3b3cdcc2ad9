"""Can a mail service be reached, and does it talk as it should? One pair of checks per service."""

from __future__ import annotations

import re

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.dial import CONNECT_SHARE
from qiq.checks.errors import Trouble
from qiq.checks.mail.session import IMPLICIT, Session, session
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import MAIL_SERVICES, STANDARD_PORTS
from qiq.checks.registry import Spec

BATTERIES = frozenset({"mail", "mail_reputation", "status"})
FAMILY = {
    "smtp": "smtp", "submission": "submission", "submissions": "submission", "imap": "imap",
    "imaps": "imap", "pop3": "pop3", "pop3s": "pop3",
}  # fmt: skip
POLICY = re.compile(r"block|denied|banned|black ?list|listed|policy|spam|reputation", re.IGNORECASE)
SAYS_NOTHING = (Trouble.OURS,)


def _args(talk: Session, **more: object) -> dict[str, object]:
    return {
        "host": talk.place.host, "port": STANDARD_PORTS[talk.service],
        "address": talk.place.address, "server": talk.place.server.id, "step": talk.step, **more,
    }  # fmt: skip


async def connect(service: str, target: Target, ctx: Context) -> CheckResult:
    """TCP only: refused, dropped, or open."""
    talk = await session(service, target, ctx)
    if talk is None:
        return results.skip(service, "no_address")
    label = talk.place.label(service)
    if talk.connected:
        return results.ok(label, address=talk.place.address)
    trouble = talk.trouble
    if trouble is None or trouble.trouble in SAYS_NOTHING:
        detail = trouble.detail if trouble else ""
        return results.error(label, "our_network", detail=detail)
    kinds = {Trouble.REFUSED: "refused", Trouble.CLOSED: "closed"}
    kind = kinds.get(trouble.trouble, "timeout")
    seconds = f"{ctx.deadline.total * CONNECT_SHARE:.1f}"
    args = _args(talk, seconds=seconds, reply=trouble.detail)
    return results.fail(label, f"mail.{FAMILY[service]}.{kind}", args, detail=trouble.detail)


async def dialogue(service: str, target: Target, ctx: Context) -> CheckResult:
    """Greeting, abilities, encryption offered, login offered only under encryption."""
    talk = await session(service, target, ctx)
    if talk is None:
        return results.skip(service, "no_address")
    label, family = talk.place.label(service), FAMILY[service]
    if talk.trouble is not None:
        return _troubled(talk, label, family)
    if talk.refused:
        return _turned_away(talk, label, family)
    facts = {"greeting": talk.greeting, "capabilities": " ".join(talk.secure)[:400]}
    if service not in IMPLICIT and not talk.starttls_offered:
        code = f"mail.{family}.starttls_missing"
        args = _args(talk, capabilities=" ".join(talk.plain))
        return results.fail(label, code, args, **facts)
    if talk.starttls_refused:
        args = _args(talk, reply=talk.starttls_refused)
        return results.fail(label, f"mail.{family}.starttls_failed", args, **facts)
    if service != "smtp" and not _login_offered(talk.secure, family):
        args = _args(talk, capabilities=" ".join(talk.secure))
        return results.fail(label, f"mail.{family}.auth_missing", args, **facts)
    if service not in IMPLICIT and service != "smtp" and _login_in_the_clear(talk.plain, family):
        return results.warn(label, f"mail.{family}.auth_plaintext", _args(talk), **facts)
    return results.ok(label, **facts)


def _troubled(talk: Session, label: str, family: str) -> CheckResult:
    trouble = talk.trouble
    assert trouble is not None
    if trouble.trouble is Trouble.OURS:
        return results.error(label, "our_network", detail=trouble.detail)
    if trouble.trouble is Trouble.TLS:
        return results.skip(label, "parent", parent=f"tls.{talk.service}.certificate")
    kinds = {Trouble.CLOSED: "closed", Trouble.GARBAGE: "garbage", Trouble.REFUSED: "closed"}
    args = _args(talk, reply=trouble.detail, seconds="4")
    kind = kinds.get(trouble.trouble, "hung")
    return results.fail(label, f"mail.{family}.{kind}", args, detail=trouble.detail, step=talk.step)


def _turned_away(talk: Session, label: str, family: str) -> CheckResult:
    args = _args(talk, reply=talk.refused)
    if POLICY.search(talk.refused):
        # The server dislikes the prober; that proves nothing about customers.
        return results.cannot_tell(label, "mail.server.prober_blocked", args)
    return results.fail(label, f"mail.{family}.unavailable", args, reply=talk.refused)


def _login_offered(capabilities: tuple[str, ...], family: str) -> bool:
    if family == "submission":
        # "AUTH" must name at least one way (RFC 4954 section 3).
        return any(len(w.replace("=", " ").split()) > 1 for w in capabilities if w[:4] == "AUTH")
    if family == "imap":
        # RFC 3501 section 6.2.3: LOGIN is there unless LOGINDISABLED is announced.
        return "LOGINDISABLED" not in capabilities or any(
            c.startswith("AUTH=") for c in capabilities
        )
    return any(word == "USER" or word.startswith("SASL") for word in capabilities)


def _login_in_the_clear(capabilities: tuple[str, ...], family: str) -> bool:
    if family == "imap":
        return "LOGINDISABLED" not in capabilities
    if family == "pop3":
        return any(word == "USER" or word.startswith("SASL PLAIN") for word in capabilities)
    return any(word.startswith("AUTH") for word in capabilities)


def _offered(service: str):  # type: ignore[no-untyped-def]
    def applies(target: Target, ctx: Context) -> bool:
        return any(service in server.services for server in ctx.settings.servers)

    return applies


def _pair(service: str) -> tuple[Spec, Spec]:
    async def run_connect(target: Target, ctx: Context) -> CheckResult:
        return await connect(service, target, ctx)

    async def run_dialogue(target: Target, ctx: Context) -> CheckResult:
        return await dialogue(service, target, ctx)

    first, second = f"mail.{service}.connect", f"mail.{service}.dialogue"
    applies = _offered(service)
    return (
        Spec(first, run_connect, BATTERIES, own=True, applies=applies),
        Spec(second, run_dialogue, BATTERIES, needs=(first,), own=True, applies=applies),
    )


SPECS = tuple(spec for service in MAIL_SERVICES for spec in _pair(service))
