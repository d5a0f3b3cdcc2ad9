"""E-mail from the bot: one-time codes. Sent through the host's own outgoing server."""

from __future__ import annotations

import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib

from qiq.settings import Settings

SECONDS = 20.0


class Postman:
    """Uses ``mail.outgoing`` and signs in as the canary mailbox, which is the host's own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def send(self, to: str, subject: str, text: str) -> None:
        """One plain-text message. Raises ``aiosmtplib.SMTPException`` or ``OSError``."""
        settings = self.settings
        server = settings.mail.outgoing[0]
        canary = settings.mail.canary
        message = EmailMessage()
        message["From"] = canary.address if canary else settings.brand.contact_email
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=message["From"].partition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5
        message.set_content(text)
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=canary.username if canary else None,
            password=settings.secret(canary.password_env) if canary else None,
            tls_context=self._tls(),
            timeout=SECONDS,
        )

    def _tls(self) -> ssl.SSLContext:
        roots = self.settings.network.trust_roots
        return ssl.create_default_context(
            cafile=str(self.settings.resolve(roots)) if roots else None
        )
