"""SPF as RFC 7208 has it: syntax, limits, macros, and whether an address may send."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.reputation.spf_macros import Asker, MacroError, expand, validated_name_wanted

Ask = Callable[[str, str], Awaitable[Answer]]
LOOKUPS, VOID_LOOKUPS, MX_NAMES = 10, 2, 10
MECHANISM = re.compile(
    r"^(?P<sign>[+\-~?]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?::(?P<value>(?:%\{[^}\s]*\}|%(?!\{)|[^/\s%])+))?(?P<cidr>/\d{1,3}(?://\d{1,3})?|//\d{1,3})?$",
    re.IGNORECASE,
)
MODIFIER = re.compile(r"^[a-z][a-z0-9\-_.]*=\S*$", re.IGNORECASE)
SIGNS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class SpfError(Exception):
    """A permanent error. ``kind`` is ``syntax``, ``multiple``, ``lookups`` or ``void``."""

    def __init__(self, kind: str, detail: str, count: int = 0) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.count = kind, detail, count


class SpfUnclear(Exception):
    """A look-up failed for now; nothing can be said."""


@dataclass(frozen=True)
class Verdict:
    """``result`` is ``pass``, ``fail``, ``softfail``, ``neutral`` or ``none``; ``unsure`` when a
    term depends on what each receiver finds for itself (``ptr``, ``%{p}``)."""

    result: str
    record: str = ""
    lookups: int = 0
    unsure: bool = False


@dataclass
class _Run:
    ask: Ask
    asker: Asker
    lookups: int = 0
    void: int = 0
    unsure: bool = False
    open: set[str] = field(default_factory=set)

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        return self.asker.ip

    def name(self, text: str, domain: str) -> str:
        """The name that a term's value stands for."""
        self.unsure = self.unsure or validated_name_wanted(text)
        try:
            return expand(text, domain, self.asker)
        except MacroError as error:
            raise SpfError("syntax", str(error)) from error

    def count(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise SpfError("lookups", "more than 10 look-ups", self.lookups)

    def note_void(self, answer: Answer) -> None:
        if answer.status in (DnsStatus.NXDOMAIN, DnsStatus.NODATA):
            self.void += 1
            if self.void > VOID_LOOKUPS:
                raise SpfError("void", "more than 2 look-ups without an answer", self.void)
        elif answer.status is not DnsStatus.OK:
            raise SpfUnclear(answer.name)


async def records(domain: str, ask: Ask) -> list[str]:
    """The SPF records at ``domain`` (RFC 7208 section 4.5)."""
    answer = await ask(domain, "TXT")
    if not answer.settled:
        raise SpfUnclear(domain)
    return [
        text
        for text in answer.records
        if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")
    ]


async def check_host(address: str, domain: str, ask: Ask, helo: str = "") -> Verdict:
    """The result for mail from ``domain`` sent by ``address``, a server that calls itself ``helo``;
    the whole record is validated."""
    sender = f"postmaster@{domain}"  # section 4.3: what stands for a sender without a local part
    run = _Run(ask, Asker(ipaddress.ip_address(address), sender, helo or domain))
    found = await records(domain, ask)
    if not found:
        return Verdict("none")
    result = await _evaluate(domain, run)
    return Verdict(result or "neutral", found[0], run.lookups, run.unsure)


async def _evaluate(domain: str, run: _Run) -> str | None:
    """The result of one record; None when there is none at ``domain``."""
    found = await records(domain, run.ask)
    if not found:
        return None
    if len(found) > 1:
        raise SpfError("multiple", f"{domain} has {len(found)} records", len(found))
    terms = [parse(term) for term in found[0].split()[1:]]
    if domain in run.open:
        raise SpfError("lookups", f"{domain} includes itself")
    run.open.add(domain)
    result = await _terms(terms, domain, run)
    run.open.discard(domain)
    return result


@dataclass(frozen=True)
class _Term:
    text: str
    name: str
    sign: str = "+"
    value: str = ""
    cidr: str = ""


def parse(term: str) -> _Term:
    """One term of a record (section 4.6.1). Raises ``SpfError``."""
    match = MECHANISM.match(term)
    if match:
        name, value = match["name"].lower(), match["value"] or ""
        cidr = match["cidr"] or ""
        if name in ("include", "exists", "ip4", "ip6") and not value:
            raise SpfError("syntax", f"'{term}' lacks its value")
        if name in ("ip4", "ip6"):
            _network(value + cidr, name, term)
        if name == "all" and (value or cidr):
            raise SpfError("syntax", f"'{term}' takes no value")
        return _Term(term, name, match["sign"] or "+", value, cidr)
    if MODIFIER.match(term):
        name, _, value = term.partition("=")
        return _Term(term, name.lower() + "=", value=value)
    raise SpfError("syntax", f"'{term[:60]}' is not a known term")


def _network(text: str, name: str, term: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        kind = ipaddress.IPv4Network if name == "ip4" else ipaddress.IPv6Network
        return kind(text, strict=False)
    except ValueError as error:
        raise SpfError("syntax", f"'{term[:60]}' is not an address") from error


async def _terms(terms: list[_Term], domain: str, run: _Run) -> str:
    """The first match decides; the rest is still walked, so that errors in it are seen."""
    decided: str | None = None
    for term in terms:
        if term.name.endswith("="):
            continue
        matched = await _matches(term, domain, run)
        if matched and decided is None:
            decided = SIGNS[term.sign]
        if term.name == "all":
            break
    has_all = any(term.name == "all" for term in terms)
    redirect = _modifier("redirect=", terms)
    _modifier("exp=", terms)
    if redirect and not has_all:
        run.count()
        other = await _evaluate(run.name(redirect, domain), run)
        if other is None:
            raise SpfError("syntax", f"'redirect={redirect[:60]}' leads to no record")
        decided = decided or other
    return decided or "neutral"


def _modifier(name: str, terms: list[_Term]) -> str | None:
    """The value of a modifier that may be given once (RFC 7208 section 6)."""
    values = [term.value for term in terms if term.name == name]
    if len(values) > 1:
        raise SpfError("syntax", f"'{name}' is given twice")
    return values[0] if values else None


async def _matches(term: _Term, domain: str, run: _Run) -> bool:
    name = term.name
    if name == "all":
        return True
    if name in ("ip4", "ip6"):
        network = _network(term.value + term.cidr, name, term.text)
        return run.ip.version == network.version and run.ip in network
    run.count()
    value = run.name(term.value, domain) if term.value else domain
    if name == "include":
        result = await _evaluate(value, run)
        if result is None:
            raise SpfError("syntax", f"'{term.text[:60]}' leads to no record")
        return result == "pass"
    if name == "a":
        return await _address_matches(value, term.cidr, run)
    if name == "mx":
        return await _mx_matches(value, term.cidr, run)
    if name == "exists":
        answer = await run.ask(value, "A")
        run.note_void(answer)
        return answer.status is DnsStatus.OK
    run.unsure = True  # ptr: "SHOULD NOT be used" (section 5.5); receivers may leave it out
    return False


async def _address_matches(name: str, cidr: str, run: _Run, *, counted: bool = True) -> bool:
    answer = await run.ask(name, "A" if run.ip.version == 4 else "AAAA")
    if counted:
        run.note_void(answer)
    four, _, six = cidr.partition("//")
    length = (four.strip("/") or "32") if run.ip.version == 4 else (six or "128")
    for address in answer.records:
        try:
            if run.ip in ipaddress.ip_network(f"{address}/{length}", strict=False):
                return True
        except ValueError:
            continue
    return False


async def _mx_matches(name: str, cidr: str, run: _Run) -> bool:
    answer = await run.ask(name, "MX")
    run.note_void(answer)
    if len(answer.records) > MX_NAMES:
        raise SpfError("lookups", "more than 10 mail servers behind 'mx'", len(answer.records))
    for record in answer.records:
        host = record.split()[-1].rstrip(".")
        if host and await _address_matches(host, cidr, run, counted=False):
            return True
    return False
