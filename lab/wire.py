"""Faults below the protocol: what a caller meets who gets a connection but no sense.

Modes handled here: ``hung`` and ``half-open`` (nothing is said, nothing read), ``garbage``,
``hung-after-banner``, ``endless``, ``drip``, ``reset``, ``busy`` (a refusal in the protocol's own
words), ``closed`` (without a word). ``refused`` and ``dropped`` are the listener's.
"""

from __future__ import annotations

import asyncio
import socket
import struct

from lab.world import Wire

GARBAGE = bytes(range(128, 256)) + b"\x00\xff\xfe\r\n" + b"\x1b[2J\x07" * 8 + b"\r\n"
_DRIP_PAUSE = 0.5
_ENDLESS_PAUSE = 0.02
_ENDLESS_CHUNK = (b"* OK " + b"x" * 70 + b"\r\n") * 50

BANNERS = {
    "smtp": b"220 mail.qiq.example ESMTP\r\n",
    "imap": b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n",
    "pop3": b"+OK ready\r\n",
    "http": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
    "ftp": b"220 server1.qiq.example FTP\r\n",
    "ssh": b"SSH-2.0-OpenSSH_9.9\r\n",
}
BUSY = {
    "smtp": b"421 4.3.2 too many connections, try again later\r\n",
    "imap": b"* BYE too many connections\r\n",
    "pop3": b"-ERR [SYS/TEMP] too many connections\r\n",
    "http": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "ftp": b"421 Too many connections\r\n",
    "ssh": b"Exceeded MaxStartups\r\n",
}
_FAMILY = {
    "submission": "smtp",
    "submissions": "smtp",
    "imaps": "imap",
    "pop3s": "pop3",
    "https": "http",
    "panel": "http",
}


def family(service: str) -> str:
    """The protocol a service speaks."""
    return _FAMILY.get(service, service)


class FaultyConnection(asyncio.Protocol):
    """One connection that goes wrong in the way of ``wire.mode``."""

    def __init__(self, service: str, wire: Wire) -> None:
        self.kind = family(service)
        self.wire = wire
        self.task: asyncio.Task[None] | None = None
        self.writable = asyncio.Event()
        self.writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        mode = self.wire.mode
        if mode == "half-open":
            transport.pause_reading()
        elif mode == "hung-after-banner":
            transport.write(BANNERS.get(self.kind, b""))
        elif mode == "garbage":
            transport.write(GARBAGE)
        elif mode == "busy":
            transport.write(self._busy())
            transport.close()
        elif mode == "closed":
            transport.close()
        elif mode == "reset":
            reset(transport)
        elif mode in ("endless", "drip"):
            self.task = asyncio.get_running_loop().create_task(self._flow())

    def _busy(self) -> bytes:
        return self.wire.text.encode() + b"\r\n" if self.wire.text else BUSY.get(self.kind, b"")

    async def _flow(self) -> None:
        banner = BANNERS.get(self.kind, b"x")
        sent = 0
        while not self.transport.is_closing():
            await self.writable.wait()
            if self.wire.mode == "endless":
                self.transport.write(_ENDLESS_CHUNK)
                await asyncio.sleep(_ENDLESS_PAUSE)
            else:
                # A banner without its line end, byte by byte, for ever.
                line = banner.rstrip(b"\r\n")
                self.transport.write(line[sent : sent + 1] or b".")
                sent += 1
                await asyncio.sleep(_DRIP_PAUSE)

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.writable.set()
        if self.task:
            self.task.cancel()


def reset(transport: asyncio.Transport) -> None:
    """Close with RST: a linger time of zero (socket(7))."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
