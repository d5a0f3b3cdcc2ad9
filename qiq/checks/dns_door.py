"""The one door for DNS. Answers are shared within one run and forgotten with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver

from qiq.checks.clock import Deadline
from qiq.checks.guard import Guard
from qiq.settings import Settings

RECORDS = 50
TEXT_CHARS = 4_096
FIRST_TRY, WHOLE_TRY = 0.16, 0.5
CHAIN = 8


class DnsStatus(StrEnum):
    """What became of a question. ``OURS`` means that our own side could not ask."""

    OK = "ok"
    NXDOMAIN = "nxdomain"
    NODATA = "nodata"
    SERVFAIL = "servfail"
    BOGUS = "bogus"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    GARBAGE = "garbage"
    OURS = "ours"


@dataclass(frozen=True)
class Answer:
    """``records`` are texts (a TXT's strings joined); ``canonical`` ends a CNAME chain.

    ``referral`` holds the NS names of a delegation a server sent instead of an answer, ``glue``
    the addresses that came along as (name, address).
    """

    name: str
    kind: str
    status: DnsStatus
    records: tuple[str, ...] = ()
    ttl: int = 0
    server: str = ""
    authoritative: bool = False
    canonical: str = ""
    referral: tuple[str, ...] = ()
    glue: tuple[tuple[str, str], ...] = ()
    soa_minimum: int = 0

    @property
    def settled(self) -> bool:
        """The name system gave a clear answer, be it that there is nothing."""
        return self.status in (DnsStatus.OK, DnsStatus.NXDOMAIN, DnsStatus.NODATA)


class Resolver:
    """Asks the resolvers of the settings, and single name servers, within one run."""

    def __init__(self, settings: Settings, guard: Guard, deadline: Deadline) -> None:
        self._settings, self._guard, self._deadline = settings, guard, deadline
        self._running: dict[tuple[str, ...], asyncio.Task[Answer]] = {}
        self._resolvers = resolvers(settings)
        self._heard = self._mute = False

    async def ask(self, name: str, kind: str) -> Answer:
        """What the resolver says; the same question is asked once in a run."""
        return await self._once(("", name, kind), lambda: self._resolve(name, kind))

    async def ask_server(self, address: str, name: str, kind: str) -> Answer:
        """What the name server at ``address`` itself says. Raises ``Refused`` by the guard."""
        vetted = self._guard.vet(address, self._settings.network.port("dns"))
        return await self._once(
            (address, name, kind),
            lambda: self._tries([(vetted.address, vetted.port)], name, kind, recurse=False),
        )

    async def ask_root(self, name: str, kind: str) -> Answer | None:
        """What the configured roots say; None when the settings name no roots."""
        roots = [(root.address, root.port) for root in self._settings.network.roots]
        if not roots:
            return None
        return await self._once(
            ("root", name, kind), lambda: self._tries(roots, name, kind, recurse=False)
        )

    async def addresses(self, name: str) -> tuple[Answer, Answer]:
        """A and AAAA of ``name``."""
        v4, v6 = await asyncio.gather(self.ask(name, "A"), self.ask(name, "AAAA"))
        return v4, v6

    async def alive(self) -> bool:
        """Whether the resolver answers anything at all: a question about the root will do."""
        answer = await self.ask(".", "NS")
        return answer.status not in (DnsStatus.TIMEOUT, DnsStatus.OURS)

    def pending(self) -> list[asyncio.Task[Answer]]:
        """Questions still under way."""
        return [task for task in self._running.values() if not task.done()]

    async def _once(self, key: tuple[str, ...], make: Callable[[], Awaitable[Answer]]) -> Answer:
        if key not in self._running:
            self._running[key] = asyncio.ensure_future(make())
        # Shielded: one caller's time-out must not cancel what others wait for.
        return await asyncio.shield(self._running[key])

    async def _resolve(self, name: str, kind: str) -> Answer:
        if self._mute and not self._heard:
            # It never said a word in this run: the rest of the run has better use for the time.
            return Answer(name, kind, DnsStatus.TIMEOUT)
        answer = await self._tries(self._resolvers, name, kind)
        silent = answer.status in (DnsStatus.TIMEOUT, DnsStatus.OURS)
        self._heard, self._mute = self._heard or not silent, self._mute or silent
        if answer.status is not DnsStatus.SERVFAIL:
            return answer
        unchecked = await self._tries(self._resolvers, name, kind, checking_disabled=True)
        if unchecked.status is DnsStatus.OK:
            return Answer(name, kind, DnsStatus.BOGUS, unchecked.records, server=answer.server)
        return answer

    async def _tries(
        self,
        servers: list[tuple[str, int]],
        name: str,
        kind: str,
        *,
        recurse: bool = True,
        checking_disabled: bool = False,
    ) -> Answer:
        """Every server in turn, the last one with the longer wait: datagrams get lost."""
        try:
            query = _query(name, kind, recurse, checking_disabled)
        except (dns.exception.DNSException, ValueError):
            return Answer(name, kind, DnsStatus.NXDOMAIN)
        plan = [(server, FIRST_TRY) for server in servers[:3]]
        plan.append((servers[0], WHOLE_TRY - FIRST_TRY))
        answer = Answer(name, kind, DnsStatus.TIMEOUT)
        since = asyncio.get_running_loop().time()
        for (address, port), share in plan:
            answer = await self._exchange(query, address, port, self._deadline.share(share))
            if answer.status not in (DnsStatus.TIMEOUT, DnsStatus.OURS):
                return answer
        if answer.status is DnsStatus.TIMEOUT and not self._deadline.fair(since):
            return replace(answer, status=DnsStatus.OURS)
        return answer

    async def _exchange(
        self, query: dns.message.Message, address: str, port: int, seconds: float
    ) -> Answer:
        name, kind = _asked(query)
        failed = Answer(name, kind, DnsStatus.TIMEOUT, server=address)
        try:
            async with asyncio.timeout(seconds):
                reply, _ = await dns.asyncquery.udp_with_fallback(
                    query, address, timeout=seconds, port=port, ignore_unexpected=True
                )
        except (TimeoutError, dns.exception.Timeout):
            return failed
        except ConnectionRefusedError:
            return failed
        except OSError as error:
            return Answer(name, kind, DnsStatus.OURS, (str(error)[:200],), server=address)
        except (dns.exception.DNSException, EOFError, ValueError):
            return Answer(name, kind, DnsStatus.GARBAGE, server=address)
        return _read(reply, name, kind, address)


def resolvers(settings: Settings) -> list[tuple[str, int]]:
    """Address and port of the resolvers to ask."""
    named = [(one.address, one.port) for one in settings.network.resolvers]
    if named:
        return named
    system = dns.resolver.Resolver()
    return [(str(server), system.port) for server in system.nameservers] or [("127.0.0.53", 53)]


def _query(name: str, kind: str, recurse: bool, checking_disabled: bool) -> dns.message.Message:
    query = dns.message.make_query(
        dns.name.from_text(name), dns.rdatatype.from_text(kind), use_edns=0, payload=1232
    )
    if not recurse:
        query.flags &= ~dns.flags.RD
    if checking_disabled:
        query.flags |= dns.flags.CD
    return query


def _asked(query: dns.message.Message) -> tuple[str, str]:
    question = query.question[0]
    return question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)


def _read(reply: dns.message.Message, name: str, kind: str, server: str) -> Answer:
    codes = {
        dns.rcode.NXDOMAIN: DnsStatus.NXDOMAIN,
        dns.rcode.SERVFAIL: DnsStatus.SERVFAIL,
        dns.rcode.REFUSED: DnsStatus.REFUSED,
        dns.rcode.NOERROR: DnsStatus.NODATA,
    }
    status = codes.get(reply.rcode(), DnsStatus.GARBAGE)
    wanted = dns.rdatatype.from_text(kind)
    canonical, chain_ttl = _follow(reply, name, wanted)
    records: list[str] = []
    ttl = chain_ttl
    for rrset in reply.answer:
        if rrset.rdtype == wanted and rrset.name.to_text(omit_final_dot=True).lower() == canonical:
            ttl = min(ttl, rrset.ttl) if ttl else rrset.ttl
            records.extend(_text(rdata) for rdata in list(rrset)[:RECORDS])
    if records and status is DnsStatus.NODATA:
        status = DnsStatus.OK
    referral = _referral(reply) if not records else ()
    minimum = next((r.ttl for r in reply.authority if r.rdtype == dns.rdatatype.SOA), 0)
    return Answer(
        name, kind, status, tuple(records[:RECORDS]), ttl, server,
        bool(reply.flags & dns.flags.AA), canonical, referral, _glue(reply), minimum,
    )  # fmt: skip


def _follow(reply: dns.message.Message, name: str, wanted: int) -> tuple[str, int]:
    current, ttl = name.rstrip(".").lower(), 0
    if wanted == dns.rdatatype.CNAME:
        return current, 0
    links = {
        rrset.name.to_text(omit_final_dot=True).lower(): rrset
        for rrset in reply.answer
        if rrset.rdtype == dns.rdatatype.CNAME
    }
    for _ in range(CHAIN):
        link = links.get(current)
        if link is None:
            break
        ttl = min(ttl, link.ttl) if ttl else link.ttl
        current = link[0].target.to_text(omit_final_dot=True).lower()
    return current, ttl


def _text(rdata: object) -> str:
    strings = getattr(rdata, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")[:TEXT_CHARS]
    text: str = rdata.to_text()  # type: ignore[attr-defined]
    return text[:TEXT_CHARS]


def _referral(reply: dns.message.Message) -> tuple[str, ...]:
    return tuple(
        rdata.target.to_text(omit_final_dot=True).lower()
        for rrset in reply.authority
        if rrset.rdtype == dns.rdatatype.NS
        for rdata in list(rrset)[:RECORDS]
    )


def _glue(reply: dns.message.Message) -> tuple[tuple[str, str], ...]:
    return tuple(
        (rrset.name.to_text(omit_final_dot=True).lower(), rdata.to_text())
        for rrset in reply.additional
        if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA)
        for rdata in list(rrset)[:RECORDS]
    )
