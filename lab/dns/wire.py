"""Pretend answers to packets, with dnslib."""

from __future__ import annotations

import dnslib
from dnslib import EDNSOption

from lab.dns.answer import Reply, Row

_MAX_STRING = 255
_EDE = 15
_EDE_BOGUS = 6


def record(row: Row) -> dnslib.RR:
    name, kind, ttl, text = row
    return dnslib.RR(name, getattr(dnslib.QTYPE, kind), ttl=ttl, rdata=_rdata(kind, text))


def _rdata(kind: str, text: str) -> dnslib.RD:
    if kind == "TXT":
        data = text.encode("utf-8")
        return dnslib.TXT([data[i : i + _MAX_STRING] for i in range(0, len(data), _MAX_STRING)])
    if kind == "MX":
        preference, host = text.split()
        return dnslib.MX(host, int(preference))
    if kind == "SOA":
        primary, mailbox, *times = text.split()
        return dnslib.SOA(primary, mailbox, tuple(int(number) for number in times))
    if kind == "CAA":
        flags, tag, value = text.split(maxsplit=2)
        return dnslib.CAA(int(flags), tag, value.strip('"'))
    if kind == "DS":
        tag, algorithm, digest_type, digest = text.split()
        return dnslib.DS(int(tag), int(algorithm), int(digest_type), bytes.fromhex(digest))
    if kind == "SRV":
        *numbers, host = text.split()
        return dnslib.SRV(*map(int, numbers), host)
    return getattr(dnslib, kind)(text)


def pack(
    question: dnslib.DNSRecord, reply: Reply, *, udp: bool, recursive: bool, bogus: bool
) -> bytes:
    """The reply as bytes; cut to the client's size over UDP (RFC 6891 section 6.2.3)."""
    out = question.reply(ra=int(recursive), aa=int(reply.aa and not recursive))
    out.header.rcode = getattr(dnslib.RCODE, reply.rcode)
    for row in reply.answer:
        out.add_answer(record(row))
    for row in reply.authority:
        out.add_auth(record(row))
    for row in reply.additional:
        out.add_ar(record(row))
    limit = 512
    opt = next((rr for rr in question.ar if rr.rtype == dnslib.QTYPE.OPT), None)
    if opt is not None:
        limit = max(512, min(opt.edns_len, 1232))
        options = [EDNSOption(_EDE, _EDE_BOGUS.to_bytes(2, "big"))] if bogus else []
        out.add_ar(dnslib.EDNS0(udp_len=1232, opts=options))
    packed = bytes(out.pack())
    if udp and len(packed) > limit:
        cut = question.reply(ra=int(recursive), aa=int(reply.aa and not recursive))
        cut.header.tc = 1
        packed = bytes(cut.pack())
    return packed
