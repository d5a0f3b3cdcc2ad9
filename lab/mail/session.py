"""What IMAP and POP3 share: lines in, lines out, STARTTLS, and login with its faults."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from lab.mail.store import Mailbox, Store
from lab.world import MailRules

_MAX_LINE = 64 * 1024
_IDLE_SECONDS = 600


@dataclass
class Service:
    """What a mail session needs to know of the lab. ``kind`` is imap or pop3."""

    kind: str
    store: Store
    rules: Callable[[], MailRules]
    context: Callable[[], ssl.SSLContext]
    implicit_tls: bool = False


class Session:
    """One connection. Subclasses implement ``serve``."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.secure = service.implicit_tls
        self.box: Mailbox | None = None

    @property
    def rules(self) -> MailRules:
        return self.service.rules()

    @property
    def may_starttls(self) -> bool:
        return not self.secure and self.service.kind not in self.rules.starttls_missing

    @property
    def may_login(self) -> bool:
        """Passwords only over TLS, unless a fault offers them in the clear, or not at all."""
        if self.service.kind in self.rules.no_auth:
            return False
        return self.secure or self.service.kind in self.rules.plain_login

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        try:
            await self.serve()
        except (OSError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            pass  # the caller is gone, writes nonsense without end, or the lab is closing
        finally:
            writer.close()

    async def serve(self) -> None:
        raise NotImplementedError

    async def line(self) -> str:
        """One line without its end; raises when the caller is gone or writes without end."""
        data = await asyncio.wait_for(self.reader.readline(), _IDLE_SECONDS)
        if not data.endswith(b"\n"):
            raise asyncio.IncompleteReadError(data, None)
        return data.rstrip(b"\r\n").decode("utf-8", "replace")

    async def send(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode("utf-8"))
        await self.writer.drain()

    async def start_tls(self) -> None:
        await self.writer.start_tls(self.service.context(), ssl_handshake_timeout=20)
        self.secure = True

    async def login(self, user: str, password: str) -> str:
        """Try to log in; '' when it worked, else the kind of refusal."""
        trouble = self.rules.login.get(self.service.kind, "")
        if trouble == "hung":
            await asyncio.sleep(_IDLE_SECONDS)
        if trouble in ("unavailable", "rejected"):
            return trouble
        self.box = self.service.store.login(user, password)
        return "" if self.box else "rejected"


def plain_credentials(token: str) -> tuple[str, str]:
    """User and password of SASL PLAIN (RFC 4616); ValueError when malformed."""
    try:
        _, user, password = base64.b64decode(token, validate=True).decode().split("\0")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("malformed PLAIN response") from error
    return user, password


def protocol_factory(
    make: Callable[[Service], Session], service: Service
) -> Callable[[], asyncio.Protocol]:
    """A factory of asyncio protocols that run one session per connection."""

    def factory() -> asyncio.Protocol:
        reader = asyncio.StreamReader(limit=_MAX_LINE)
        return asyncio.StreamReaderProtocol(reader, make(service).run)

    return factory
