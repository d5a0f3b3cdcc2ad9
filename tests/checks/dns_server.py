"""A name server on loopback that says what a test wants, and can change its mind."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping

from dnslib import QTYPE, RCODE, RR, DNSHeader, DNSRecord

Records = Mapping[tuple[str, str], list[str]]


class Zone(asyncio.DatagramProtocol):
    """``records``: (name, type) → texts. ``change`` may answer the n-th question differently."""

    def __init__(
        self, records: Records, change: Callable[[str, str, int], list[str] | None] | None = None
    ) -> None:
        self._records, self._change = records, change
        self._transport: asyncio.DatagramTransport | None = None
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        question = DNSRecord.parse(data)
        name, kind = str(question.q.qname).rstrip("."), QTYPE[question.q.qtype]
        self.asked.append((name, kind))
        header = DNSHeader(id=question.header.id, qr=1, aa=1, ra=1)
        reply = DNSRecord(header, q=question.q)
        self._answer(reply, name, kind)
        assert self._transport is not None
        self._transport.sendto(reply.pack(), addr)

    def _answer(self, reply: DNSRecord, name: str, kind: str) -> None:
        alias = self._records.get((name, "CNAME"))
        if alias and kind != "CNAME":
            reply.add_answer(*RR.fromZone(f"{name}. 60 IN CNAME {alias[0]}"))
            return self._answer(reply, alias[0].rstrip("."), kind)
        count = self.asked.count((name, kind))
        changed = self._change(name, kind, count) if self._change else None
        values = changed if changed is not None else self._records.get((name, kind), [])
        for value in values:
            reply.add_answer(*RR.fromZone(f"{name}. 60 IN {kind} {value}"))
        if not values and not any(owner == name for owner, _ in self._records):
            reply.header.rcode = RCODE.NXDOMAIN
        return None


@contextlib.asynccontextmanager
async def name_server(
    records: Records, change: Callable[[str, str, int], list[str] | None] | None = None
) -> AsyncIterator[tuple[tuple[str, int], Zone]]:
    """Address and zone of a server that answers already."""
    loop = asyncio.get_running_loop()
    transport, zone = await loop.create_datagram_endpoint(
        lambda: Zone(records, change), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[:2], zone
    finally:
        transport.close()
