"""From what a customer typed to what may be looked at; all else is "not hosted", unexplained."""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from qiq.checks.model import Target
from qiq.checks.web.visit import registrable
from qiq.hosting import Hosting
from qiq.hosting.names import a_label
from qiq.settings import Settings
from qiq.verdict.model import Complaint

log = logging.getLogger("qiq.diagnosis")
LONGEST = 2_048


@dataclass(frozen=True)
class Subject:
    """What the customer says it is about, and who asks.

    ``verified_domains`` are domains this visitor has shown to be theirs. ``country`` (ISO 3166) is
    where they seem to be.
    """

    domain_text: str
    email: str | None = None
    url: str | None = None
    visitor_ip: str | None = None
    verified_domains: tuple[str, ...] = ()
    visitor_id: str = ""
    country: str = ""


@dataclass(frozen=True)
class Located:
    """``target`` when the domain is hosted here. ``named`` is a well-formed name, else empty.
    ``country`` is that of the account, for its verified customer only."""

    target: Target | None
    named: str = ""
    reason: str = ""
    country: str = ""


async def locate(
    subject: Subject, complaint: Complaint, settings: Settings, hosting: Hosting
) -> Located:
    """The target of the checks. Raises ``HostingError`` when the panel cannot be asked."""
    if complaint.intent == "ask_server_status" and not subject.domain_text.strip():
        return Located(_target(_brand(settings), "", "/", subject, complaint))
    host, path = _host_and_path(subject)
    if host is None:
        return _refused(subject, "", "is not a domain name")
    domain = registrable(host)
    if domain is None:
        return _refused(subject, host, "has no registrable name")
    for name in dict.fromkeys((host, host.removeprefix("www."), domain)):
        facts = await hosting.domain(name)
        if facts is not None:
            target = _target(name, host, path, subject, complaint)
            country = facts.country if target.verified else None
            return Located(target, host, country=country or "")
    if domain == _brand(settings) or any(host in server.names for server in settings.servers):
        return Located(_target(domain, host, path, subject, complaint), host)
    return _refused(subject, host.removeprefix("www."), "is not hosted here")


def _refused(subject: Subject, named: str, reason: str) -> Located:
    log.warning("no checks for %.80r: %s", _host_only(subject.url or subject.domain_text), reason)
    return Located(None, named, reason)


def _host_only(text: str) -> str:
    """What may stand in a log: no mail address, no path, nothing after a question mark."""
    bare = text.strip().partition("://")[2] or text.strip()
    for end in "/?#":
        bare = bare.partition(end)[0]
    return bare.rpartition("@")[2]


def _brand(settings: Settings) -> str:
    host = urlsplit(settings.brand.site).hostname or ""
    return registrable(host) or host


def _host_and_path(subject: Subject) -> tuple[str | None, str]:
    text = (subject.url or subject.domain_text or (subject.email or "")).strip()
    if not text or len(text) > LONGEST or any(ord(ch) < 32 or ord(ch) == 127 for ch in text):
        return None, "/"
    if "://" not in text:
        text = "http://" + (text.rpartition("@")[2] if "/" not in text else text)
    try:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc:
            return None, "/"
        if parts.port not in (None, 80, 443):
            return None, "/"
        host = a_label(parts.hostname or "")
    except ValueError:
        return None, "/"
    if _is_number(host) or "." not in host:
        return None, "/"
    path = parts.path or "/"
    return host, (f"{path}?{parts.query}" if parts.query else path)[:LONGEST]


def _is_number(host: str) -> bool:
    """Addresses in any spelling: dotted, decimal, octal, hexadecimal, IPv6."""
    try:
        ipaddress.ip_address(host.strip("[]"))
        return True
    except ValueError:
        last = host.rpartition(".")[2]
        return last.isdigit() or last.startswith("0x")


def _target(domain: str, host: str, path: str, subject: Subject, complaint: Complaint) -> Target:
    email = (subject.email or "").strip().lower() or None
    verified = {_quiet(name) for name in subject.verified_domains}
    return Target(
        domain=domain, host=host or domain, url_path=path, email=email,
        visitor_ip=subject.visitor_ip, verified=domain in verified,
        seen_issuer=complaint.seen_issuer, named_server=complaint.named_server,
    )  # fmt: skip


def _quiet(name: str) -> str:
    try:
        return a_label(name)
    except ValueError:
        return ""
