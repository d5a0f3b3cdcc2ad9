"""FTP by pyftpdlib (RFC 959, explicit TLS of RFC 4217) in a thread, behind a lab listener."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from pathlib import Path

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from lab.hosts import HOSTED, HOSTS, MAILBOX_PASSWORD

_CHUNK = 16 * 1024
_POLL_SECONDS = 0.2


class Ftp:
    """pyftpdlib's server, on a private port of the pretend web server's address."""

    def __init__(self, root: Path, pem: Path) -> None:
        self.loop = IOLoop()
        authorizer = DummyAuthorizer()
        root.mkdir(parents=True, exist_ok=True)
        (root / "welcome.txt").write_text("Put your site here.\n", encoding="utf-8")
        for hosted in HOSTED:
            authorizer.add_user(hosted.name, MAILBOX_PASSWORD, str(root), perm="elradfmw")

        class PretendHandler(TLS_FTPHandler):  # type: ignore[misc]
            banner = "server1.qiq.example FTP ready"
            certfile = str(pem)
            ssl_context: SSL.Context | None = None
            tls_control_required = True
            timeout = 60

        PretendHandler.authorizer = authorizer
        self.handler = PretendHandler
        self.server = FTPServer((HOSTS["server1"], 0), PretendHandler, ioloop=self.loop)
        self.address: tuple[str, int] = self.server.address
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="lab-ftp", daemon=True)

    def start(self) -> None:
        # With a handler of its own, pyftpdlib does not reconfigure logging for the whole process.
        logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())
        self.thread.start()

    def _run(self) -> None:
        while not self.stopping.is_set():
            self.loop.loop(timeout=_POLL_SECONDS, blocking=False)
        self.server.close_all()
        self.loop.close()

    def use_certificate(self, path: Path) -> None:
        """Connections made from now on present this key and chain."""
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.use_certificate_chain_file(str(path))
        context.use_privatekey_file(str(path))
        self.handler.ssl_context = context

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(timeout=5)


class FtpRelay(asyncio.Protocol):
    """Carries one control connection to pyftpdlib."""

    def __init__(self, backend: tuple[str, int], trouble: str = "") -> None:
        self.backend = backend
        self.trouble = trouble
        self.task: asyncio.Task[None] | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.early = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.task = asyncio.get_running_loop().create_task(self._pump())

    async def _pump(self) -> None:
        with contextlib.suppress(OSError):
            reader, self.writer = await asyncio.open_connection(*self.backend)
            self.writer.write(self.early)
            while data := await reader.read(_CHUNK):
                self.transport.write(self._answer(data))
        self.transport.close()

    def _answer(self, data: bytes) -> bytes:
        """What FEAT lists, without the TLS that a fault took away."""
        return data.replace(b" AUTH TLS\r\n", b"") if self.trouble == "no-tls" else data

    def data_received(self, data: bytes) -> None:
        if self.trouble and data.upper().startswith(b"AUTH "):
            return self._refuse_tls()
        return self._pass_on(data)

    def _refuse_tls(self) -> None:
        if self.trouble == "no-tls":
            self.transport.write(b"502 Command not implemented\r\n")
        else:
            self.transport.write(b"234 AUTH TLS successful\r\n")
            self.transport.close()

    def _pass_on(self, data: bytes) -> None:
        if self.writer is None:
            self.early += data
        else:
            self.writer.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.task:
            self.task.cancel()
        if self.writer:
            self.writer.close()


class SshBanner(asyncio.Protocol):
    """As much of an SSH server as can be seen without an account (RFC 4253 section 4.2)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"SSH-2.0-OpenSSH_9.9 QiQ\r\n")
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Key exchange is out of the lab's scope: say so the way sshd does, and close."""
        if data.endswith(b"\n"):
            self.transport.close()
