"""SMTP by aiosmtpd: port 25 for mail coming in, 587 and 465 for customers, over one store."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from lab.mail.store import Store
from lab.world import MailRules

_SUBMISSION = ("submission", "submissions")


class Delivery:
    """aiosmtpd's handler: who may send what to whom, and into which mailbox it goes."""

    def __init__(self, service: str, store: Store, rules: Callable[[], MailRules]) -> None:
        self.service = service
        self.store = store
        self.rules = rules
        self.key = "submission" if service in _SUBMISSION else "smtp"
        self.seen: set[tuple[str, str]] = set()

    async def handle_EHLO(
        self, _: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        silent = self.key in self.rules().no_auth
        return [line for line in lines if not (silent and "AUTH" in line)]

    async def handle_MAIL(
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.service in _SUBMISSION and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if refusal := self.rules().refuse.get("mail"):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self._refusal(session, envelope.mail_from or "", address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def _refusal(self, session: Session, sender: str, address: str) -> str:
        rules = self.rules()
        local, _, domain = address.partition("@")
        refusal = rules.refuse.get("rcpt")
        if refusal and not session.authenticated:
            return refusal
        if domain not in self.store.domains() or domain in rules.unknown_domains:
            return "" if session.authenticated else "554 5.7.1 Relay access denied"
        if rules.greylist and not session.authenticated and (sender, address) not in self.seen:
            self.seen.add((sender, address))
            return "451 4.7.1 Greylisted, please try again in a minute"
        box = self.store.get(address)
        if box is None and local not in ("postmaster", "abuse"):
            return "550 5.1.1 No such mailbox here"
        if box and box.suspended:
            return "550 5.2.1 This mailbox is disabled"
        if box and box.full:
            return "452 4.2.2 Mailbox is full"
        return ""

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:
        rules = self.rules()
        if refusal := rules.refuse.get("data"):
            return refusal
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode()
        if rules.deliver == "ok":
            delay = rules.deliver_delay
            asyncio.get_running_loop().call_later(delay, self._deliver, envelope.rcpt_tos, data)
        return "250 2.0.0 Queued"

    def _deliver(self, recipients: list[str], data: bytes) -> None:
        for recipient in recipients:
            box = self.store.get(recipient)
            if box and not box.full:
                box.deliver(b"Delivered-To: " + recipient.encode() + b"\r\n" + data)


class BrokenStartTls(SMTP):
    """Announces STARTTLS and then cannot do it (RFC 3207 section 4)."""

    async def smtp_STARTTLS(self, arg: str) -> None:
        await self.push("454 4.7.0 TLS not available due to a local problem")


def smtp_factory(
    service: str,
    store: Store,
    rules: Callable[[], MailRules],
    context: Callable[[], ssl.SSLContext],
    hostname: str,
) -> Callable[[], asyncio.Protocol]:
    """A factory of aiosmtpd servers, made for each connection with the state of the moment."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    handler = Delivery(service, store, rules)
    key = handler.key

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        trouble = rules().login.get(key, "")
        if trouble == "unavailable":
            text = "454 4.7.0 Temporary authentication failure"
            return AuthResult(success=False, handled=False, message=text)
        assert isinstance(data, LoginPassword)
        user, password = data.login.decode(), data.password.decode()
        good = trouble != "rejected" and store.login(user, password) is not None
        return AuthResult(success=good, handled=False)

    def factory() -> asyncio.Protocol:
        now = rules()
        implicit = service == "submissions"
        starttls = not implicit and key not in now.starttls_missing
        kind = BrokenStartTls if key in now.starttls_fails else SMTP
        server = kind(
            handler,
            hostname=hostname,
            ident=now.banners.get(key, "ESMTP"),
            tls_context=context() if starttls else None,
            auth_require_tls=not implicit and key not in now.plain_login,
            authenticator=authenticate if service in _SUBMISSION else None,
            auth_exclude_mechanism=("LOGIN", "PLAIN") if key in now.no_auth else None,
            loop=asyncio.get_running_loop(),
            timeout=120,
        )
        return server

    return factory
