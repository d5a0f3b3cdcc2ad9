"""DNS over UDP and TCP on one address (RFC 1035 section 4.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import dnslib
from dnslib import DNSError

from lab.dns.answer import Reply, ancestors, answer
from lab.dns.resolver import resolve
from lab.dns.wire import pack
from lab.world import World

_QTYPES = dnslib.QTYPE
Send = Callable[[bytes], None]


class NameServer:
    """Answers for one host of the lab; ``world`` is asked anew for every question."""

    def __init__(self, host: str, world: Callable[[], World]) -> None:
        self.host = host
        self.world = world

    def handle(self, data: bytes, send: Send, *, udp: bool) -> None:
        try:
            question = dnslib.DNSRecord.parse(data)
            name = str(question.q.qname).lower()
            kind = _QTYPES[question.q.qtype]
        except (DNSError, ValueError, IndexError):
            return
        reply, bogus = self.reply(name, kind, checking_disabled=bool(question.header.cd))
        if reply.silent:
            return
        packed = pack(question, reply, udp=udp, recursive=self.host == "resolver", bogus=bogus)
        if reply.seconds:
            asyncio.get_running_loop().call_later(reply.seconds, send, packed)
        else:
            send(packed)

    def reply(self, name: str, kind: str, *, checking_disabled: bool) -> tuple[Reply, bool]:
        world = self.world()
        if self.host != "resolver":
            return answer(world, self.host, name, kind), False
        state = world.name_servers.get("resolver")
        if state and state.mode in ("down", "dropped"):
            return Reply(silent=True), False
        if state and state.mode in ("servfail", "refused"):
            return Reply(rcode=state.mode.upper()), False
        reply = resolve(world, name, kind, checking_disabled)
        bogus = any(a in world.bogus for a in ancestors(name))
        return reply, bogus and reply.rcode == "SERVFAIL"

    def down(self) -> bool:
        """A stopped server: TCP is refused and UDP stays silent."""
        state = self.world().name_servers.get(self.host)
        return state is not None and state.mode in ("down", "dropped")


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        def send(packed: bytes) -> None:
            if not self.transport.is_closing():
                self.transport.sendto(packed, addr)

        self.server.handle(data, send, udp=True)


class Stream(asyncio.Protocol):
    """Length-prefixed messages."""

    def __init__(self, server: NameServer) -> None:
        self.server = server
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.server.down():
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) >= 2:
            length = int.from_bytes(self.buffer[:2], "big")
            if len(self.buffer) < 2 + length:
                return
            message, self.buffer = self.buffer[2 : 2 + length], self.buffer[2 + length :]
            self.server.handle(message, self._send, udp=False)

    def _send(self, packed: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(len(packed).to_bytes(2, "big") + packed)
