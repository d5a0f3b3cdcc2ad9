"""Independent clients that call pretend addresses by their real names (for TLS and HTTP)."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
from typing import Any

MAIL, WEB = "127.0.10.2", "127.0.10.1"
MAIL_NAME = "mail.qiq.example"
PATIENCE = 5.0
SHORT = 0.4


class Imap(imaplib.IMAP4):
    """imaplib, dialling the pretend address; ``tls`` from the first byte when given."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, patience: float = PATIENCE):
        self.tls = tls
        super().__init__(MAIL_NAME, port, patience)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((MAIL, self.port), timeout)
        return self.tls.wrap_socket(plain, server_hostname=MAIL_NAME) if self.tls else plain


class Pop(poplib.POP3):
    def __init__(self, port: int, tls: ssl.SSLContext | None = None, patience: float = PATIENCE):
        self.tls = tls
        super().__init__(MAIL_NAME, port, patience)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = socket.create_connection((MAIL, self.port), timeout)
        return self.tls.wrap_socket(plain, server_hostname=MAIL_NAME) if self.tls else plain


class Smtp(smtplib.SMTP):
    def __init__(self, port: int, tls: ssl.SSLContext | None = None, patience: float = PATIENCE):
        self.tls = tls
        super().__init__(MAIL_NAME, port, "customer.mailgiant.example", patience)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        plain = socket.create_connection((MAIL, port), timeout)
        return self.tls.wrap_socket(plain, server_hostname=MAIL_NAME) if self.tls else plain


def handshake(address: str, port: int, name: str, trust: ssl.SSLContext) -> dict[str, Any]:
    """The certificate a server presents for ``name``; raises what a program would meet."""
    with (
        socket.create_connection((address, port), PATIENCE) as plain,
        trust.wrap_socket(plain, server_hostname=name) as secure,
    ):
        return dict(secure.getpeercert() or {})


def http_get(
    address: str,
    port: int,
    host: str,
    path: str = "/",
    trust: ssl.SSLContext | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """One request by the standard library; status, lower-case headers, body."""
    import http.client

    sock = socket.create_connection((address, port), PATIENCE)
    if trust:
        sock = trust.wrap_socket(sock, server_hostname=host)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = sock
    try:
        connection.request("GET", path, headers={"Host": host, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()
