"""All TCP services of the pretend machines, each behind its listener."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from lab.files import write_atomically
from lab.ftp import Ftp, FtpRelay, SshBanner
from lab.hosts import BRAND, CANARY, IMPLICIT_TLS, MAILBOX_PASSWORD
from lab.listener import Factory, Listener
from lab.mail.imap import ImapSession
from lab.mail.pop3 import Pop3Session
from lab.mail.session import Service, protocol_factory
from lab.mail.smtp import smtp_factory
from lab.mail.store import Store
from lab.pki import NAMES, Authority, Contexts
from lab.ports import keep_ports
from lab.registry import registry_handler
from lab.web.asgi import http_factory
from lab.web.sites import panel_handler, site_handler
from lab.wire import family
from lab.world import Certificate, MailRules, Wire, World

_MEGABYTE = 1_000_000


class Services:
    """Opens the listeners; ``apply`` makes them fit the world of the moment."""

    def __init__(
        self, world: Callable[[], World], authority: Authority, canary: str, state_dir: Path
    ) -> None:
        self.world = world
        self.contexts = Contexts(authority, world)
        self.authority = authority
        self.store = Store()
        self.other_store = Store()
        self.store.add(CANARY, canary)
        self.state_dir = state_dir
        self.listeners: dict[tuple[str, str], Listener] = {}
        self.ftp: Ftp | None = None

    async def open(self) -> None:
        self.ftp = Ftp(self.state_dir / "ftp", self._write_ftp_pem())
        self.ftp.start()
        for (host, service), keeper in keep_ports().items():
            self.listeners[host, service] = Listener(
                service,
                keeper,
                self._factory(host, service),
                partial(self._wire, host, service),
                self._context(host, service) if service in IMPLICIT_TLS else None,
            )

    def _wire(self, host: str, service: str) -> Wire:
        return self.world().wires.get((host, service), Wire())

    @property
    def ports(self) -> dict[str, int]:
        return {service: one.address[1] for (_, service), one in self.listeners.items()}

    async def apply(self) -> None:
        """Fit mailboxes, certificates and listeners to the world."""
        self._fit_mailboxes()
        self._fit_ftp()
        for listener in self.listeners.values():
            await listener.apply()

    def close(self) -> None:
        for listener in self.listeners.values():
            listener.shut()
        if self.ftp:
            self.ftp.stop()

    def _context(self, host: str, service: str) -> Callable[[], ssl.SSLContext]:
        return lambda: self.contexts.for_service(host, service)

    def _factory(self, host: str, service: str) -> Factory:
        kind = family(service)
        if kind == "smtp":
            return self._smtp(host, service)
        if kind in ("imap", "pop3"):
            return self._mailbox_access(host, service, kind)
        if service == "panel":
            return http_factory(panel_handler(self.world))
        if service == "registry":
            return http_factory(registry_handler(self.world))
        if kind == "http":
            return http_factory(site_handler(self.world))
        if service == "ftp":
            assert self.ftp
            backend = self.ftp.address
            return lambda: FtpRelay(backend, self.world().ftp.get("trouble", ""))
        return SshBanner

    def _rules(self, host: str) -> Callable[[], MailRules]:
        """Faults of the mail server are the pretend host's; strangers' servers are well."""
        return (lambda: self.world().mail) if host == "mail" else MailRules

    def _smtp(self, host: str, service: str) -> Factory:
        store = self.store if host == "mail" else self.other_store
        name = f"mail.{BRAND}" if host == "mail" else NAMES[host][0]
        context = self._context(host, service)
        return smtp_factory(service, store, self._rules(host), context, name)

    def _mailbox_access(self, host: str, service: str, kind: str) -> Factory:
        store = self.store if host == "mail" else self.other_store
        implicit = service in IMPLICIT_TLS
        context = self._context(host, service)
        parts = Service(kind, store, self._rules(host), context, implicit)
        return protocol_factory(ImapSession if kind == "imap" else Pop3Session, parts)

    def _fit_mailboxes(self) -> None:
        """Mailboxes exist as accounts.yml says; messages in those that stay are kept."""
        wanted: set[str] = {CANARY}
        for domain, account in self.world().accounts["domains"].items():
            for local, facts in account["mailboxes"].items():
                address = f"{local}@{domain}"
                wanted.add(address)
                self._fit(address, facts, bool(account["suspended"]))
        for gone in set(self.store.boxes) - wanted:
            del self.store.boxes[gone]

    def _fit(self, address: str, facts: dict[str, Any], suspended: bool) -> None:
        box = self.store.add(address, MAILBOX_PASSWORD)
        box.used = int(facts["used_mb"]) * _MEGABYTE
        box.quota = int(facts["quota_mb"]) * _MEGABYTE
        box.suspended = bool(facts["suspended"]) or suspended

    def _fit_ftp(self) -> None:
        path = self._write_ftp_pem()
        if self.ftp:
            self.ftp.use_certificate(path)

    def _write_ftp_pem(self) -> Path:
        certificate = self.world().certificates.get("brand", Certificate())
        path = self.state_dir / "ftp.pem"
        pem = self.authority.chain_pem(certificate, NAMES["brand"]).decode()
        write_atomically(path, pem, 0o600)
        return path
