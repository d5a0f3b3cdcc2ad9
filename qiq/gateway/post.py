"""E-mail from the bot: one-time codes. Sent through the host's own outgoing server."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
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
        self.server = settings.mail.outgoing[0]

    async def send(self, to: str, subject: str, text: str) -> None:
        """One plain-text message.

        Raises ``aiosmtplib.SMTPException``, ``OSError`` or ``MissingSecret``.
        """
        canary = self.settings.mail.canary
        message = self._message(to, subject, text)
        await aiosmtplib.send(
            message,
            hostname=self.server.host,
            sock=await asyncio.to_thread(self._dial),
            use_tls=self.server.security == "tls",
            start_tls=self.server.security == "starttls",
            username=canary.username if canary else None,
            password=self.settings.secret(canary.password_env) if canary else None,
            tls_context=self._tls(),
            timeout=SECONDS,
        )

    def _message(self, to: str, subject: str, text: str) -> EmailMessage:
        canary = self.settings.mail.canary
        sender = canary.address if canary else self.settings.brand.contact_email
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5
        message.set_content(text)
        return message

    def _dial(self) -> socket.socket:
        """Connects where the settings say that the server is: a lab's names are in no DNS."""
        service = "submissions" if self.server.security == "tls" else "submission"
        ports = self.settings.network.ports
        port = ports.get(service, self.server.port)  # type: ignore[call-overload]
        return socket.create_connection((self._address() or self.server.host, port), SECONDS)

    def _address(self) -> str | None:
        """The server's own address, when the settings name just one."""
        for server in self.settings.servers:
            if self.server.host in server.names:
                network = ipaddress.ip_network(server.addresses[0])
                return str(network.network_address) if network.num_addresses == 1 else None
        return None

    def _tls(self) -> ssl.SSLContext:
        roots = self.settings.network.trust_roots
        return ssl.create_default_context(
            cafile=str(self.settings.resolve(roots)) if roots else None
        )
