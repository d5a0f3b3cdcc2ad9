"""One TCP port of one pretend machine, with the faults a listener can have."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from asyncio import sslproto
from collections.abc import Callable

from lab.wire import FaultyConnection
from lab.world import Wire

Factory = Callable[[], asyncio.Protocol]
_BACKLOG = 256
_HANDSHAKE_SECONDS = 20


def stream_socket(address: str) -> socket.socket:
    """A TCP socket of the family of ``address``."""
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)


def bound_socket(address: str, port: int, *, shared: bool) -> socket.socket:
    """A bound socket. A keeper must be alone on its port (not ``shared``); a listener joins it."""
    sock = stream_socket(address)
    try:
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    except OSError:
        sock.close()
        raise
    return sock


class Listener:
    """Listens, and hands each connection to the protocol, or to a fault.

    A bound socket that never listens keeps the port for us while the service is ``refused``.
    """

    def __init__(
        self,
        service: str,
        keeper: socket.socket,
        factory: Factory,
        wire: Callable[[], Wire],
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self.service = service
        self.keeper = keeper
        self.address: tuple[str, int] = keeper.getsockname()[:2]
        self.factory = factory
        self.wire = wire
        self.tls = tls
        self.server: asyncio.Server | None = None
        # Strong: a transport that does not read is known to nobody else, and would be collected.
        self.connections: set[asyncio.Transport] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.stuffing: list[socket.socket] = []
        self.mode = "closed"

    async def apply(self) -> None:
        """Make the listener fit ``wire``. Connections made under another state are cut."""
        mode = self.wire().mode
        wanted = mode if mode in ("refused", "dropped") else "open"
        if mode != "ok" or self.mode != "open":
            self.abort()
        if wanted == self.mode:
            return
        self.close()
        if wanted == "open":
            sock = bound_socket(*self.address, shared=True)
            loop = asyncio.get_running_loop()
            self.server = await loop.create_server(self._gate, sock=sock, backlog=_BACKLOG)
        elif wanted == "dropped":
            self._stuff()
        self.mode = wanted

    def _stuff(self) -> None:
        """Fill the accept queue: the kernel then drops every further SYN (listen(2))."""
        sock = bound_socket(*self.address, shared=True)
        sock.listen(0)
        self.stuffing = [sock]
        for _ in range(3):
            caller = stream_socket(self.address[0])
            caller.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                caller.connect(self.address)
            self.stuffing.append(caller)

    def abort(self) -> None:
        for transport in self.connections:
            transport.abort()
        self.connections.clear()

    def close(self) -> None:
        if self.server:
            self.server.close()
            self.server = None
        for sock in self.stuffing:
            sock.close()
        self.stuffing = []
        self.mode = "closed"

    def shut(self) -> None:
        """Close for good."""
        self.close()
        self.abort()
        for task in self.tasks:
            task.cancel()
        self.keeper.close()

    def _gate(self) -> asyncio.Protocol:
        return _Gate(self)

    def admit(self, transport: asyncio.Transport) -> None:
        """Decide what the caller meets; called when a connection is there."""
        self.connections = {one for one in self.connections if not one.is_closing()}
        self.connections.add(transport)
        wire = self.wire()
        if wire.mode == "ok" and self.tls is None:
            return hand_over(transport, self.factory())
        task = asyncio.get_running_loop().create_task(self._admit_later(transport, wire))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return None

    async def _admit_later(self, transport: asyncio.Transport, wire: Wire) -> None:
        transport.pause_reading()
        if wire.mode == "slow":
            await asyncio.sleep(wire.seconds)
        healthy = wire.mode in ("ok", "slow")
        protocol = self.factory() if healthy else FaultyConnection(self.service, wire)
        bare = not healthy and wire.mode not in ("hung-after-banner", "busy", "drip", "endless")
        if transport.is_closing():
            return
        if self.tls is not None and not bare:
            protocol = secured(protocol, self.tls())
        transport.resume_reading()
        hand_over(transport, protocol)


def secured(protocol: asyncio.Protocol, context: ssl.SSLContext) -> asyncio.Protocol:
    """``protocol`` behind TLS. Unlike ``loop.start_tls``, no data comes before its transport."""
    loop = asyncio.get_running_loop()
    # No waiter: nobody waits for the handshake, and a future nobody reads would be logged.
    made: asyncio.Protocol = sslproto.SSLProtocol(  # type: ignore[assignment]
        loop,
        protocol,
        context,
        None,  # type: ignore[arg-type]
        server_side=True,
        ssl_handshake_timeout=_HANDSHAKE_SECONDS,
    )
    return made


def hand_over(transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
    transport.set_protocol(protocol)
    protocol.connection_made(transport)


class _Gate(asyncio.Protocol):
    """Holds a connection until the listener has decided."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.listener.admit(transport)
