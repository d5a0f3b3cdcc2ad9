"""DNS records a customer's domain may publish so that programs find the servers."""

from __future__ import annotations

from dataclasses import dataclass

from qiq.settings import Settings

SERVICE = {
    ("imap", "tls"): "_imaps",
    ("imap", "starttls"): "_imap",
    ("pop3", "tls"): "_pop3s",
    ("pop3", "starttls"): "_pop3",
    ("smtp", "tls"): "_submissions",  # RFC 8314 section 5.1
    ("smtp", "starttls"): "_submission",  # RFC 6186 section 3.1
}


@dataclass(frozen=True)
class Record:
    """One record: ``name`` absolute without the last dot, ``value`` as in a zone file."""

    name: str
    type: str
    value: str


def records(domain: str, settings: Settings, gateway_host: str | None = None) -> tuple[Record, ...]:
    """SRV records for ``domain``, and the gateway's names where ``gateway_host`` is given."""
    found = []
    for rank, server in enumerate(settings.mail.incoming):
        found.append(_srv(domain, server.protocol, server.security, rank, server.port, server.host))
    for rank, server in enumerate(settings.mail.outgoing):
        found.append(_srv(domain, server.protocol, server.security, rank, server.port, server.host))
    if gateway_host:
        found.append(Record(f"autoconfig.{domain}", "CNAME", f"{gateway_host}."))
        found.append(Record(f"autodiscover.{domain}", "CNAME", f"{gateway_host}."))
        found.append(Record(f"_autodiscover._tcp.{domain}", "SRV", f"0 1 443 {gateway_host}."))
    return tuple(found)


def _srv(domain: str, protocol: str, security: str, rank: int, port: int, host: str) -> Record:
    name = f"{SERVICE[protocol, security]}._tcp.{domain}"
    return Record(name, "SRV", f"{rank * 10} 1 {port} {host}.")
