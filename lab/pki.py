"""The pretend certificate authority (trustme) and the certificate each name presents."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import trustme

from lab.hosts import BRAND, HOSTED
from lab.leaf import issued, self_signed
from lab.world import Certificate, World

KINDS = ("good", "expired", "not-yet", "wrong-name", "untrusted", "incomplete", "self-signed")

NAMES: dict[str, tuple[str, ...]] = {
    "mail": tuple(f"{name}.{BRAND}" for name in ("mail", "imap", "smtp", "pop")),
    "brand": (BRAND, *(f"{n}.{BRAND}" for n in ("www", "server1", "panel", "webmail", "ftp"))),
    "mailgiant": tuple(f"{n}.mailgiant.example" for n in ("mx1", "mx2", "imap", "smtp")),
    "otherhost": ("otherhost.example", "www.otherhost.example"),
    "parking": ("registrar.example", "www.registrar.example"),
    **{d.name: (d.name, f"www.{d.name}") for d in HOSTED},
}
"""Certificate id → names on it. A site's certificate has the site's name as id."""

HOST_CERTIFICATE = {
    "mail": "mail",
    "server1": "brand",
    "server1v6": "brand",
    "mailgiant": "mailgiant",
    "otherhost": "otherhost",
    "parking": "parking",
}


class Authority:
    """A root, an intermediate, and an authority nobody trusts."""

    def __init__(self) -> None:
        self.root = trustme.CA(organization_name="QiQ pretend root authority")
        self.intermediate = trustme.CA(self.root, 0, "QiQ pretend authority")
        self.stranger = trustme.CA(organization_name="Unknown authority")
        self._made: dict[tuple[tuple[str, ...], str, int], trustme.LeafCert] = {}

    @property
    def root_pem(self) -> bytes:
        return self.root.cert_pem.bytes()

    def leaf(self, names: tuple[str, ...], kind: str, days: int) -> trustme.LeafCert:
        """A certificate; made once for the same wish."""
        key = (names, kind, days)
        if key not in self._made:
            self._made[key] = self._issue(names, kind, days)
        return self._made[key]

    def _issue(self, names: tuple[str, ...], kind: str, days: int) -> trustme.LeafCert:
        now = datetime.now(UTC)
        begins, ends = now - timedelta(days=10), now + timedelta(days=days, hours=12)
        if kind == "expired":
            begins, ends = now - timedelta(days=100), now - timedelta(days=max(1, days))
        if kind == "not-yet":
            begins, ends = now + timedelta(days=2), now + timedelta(days=90)
        if kind == "wrong-name":
            names = ("server7.previous-owner.example",)
        if kind == "self-signed":
            return self_signed(names, begins, ends)
        if kind == "untrusted":
            return issued(names, begins, ends, self.stranger)
        return issued(names, begins, ends, self.intermediate, self.intermediate)

    def chain_pem(self, certificate: Certificate, names: tuple[str, ...]) -> bytes:
        """Leaf and intermediates as a server would send them, key first."""
        leaf = self.leaf(certificate.names or names, certificate.kind, certificate.days)
        chain = [pem.bytes() for pem in leaf.cert_chain_pems]
        if certificate.kind == "incomplete":
            chain = chain[:1]
        return leaf.private_key_pem.bytes() + b"".join(chain)


class Contexts:
    """TLS contexts for the state of the moment; one per distinct certificate, made when needed."""

    def __init__(self, authority: Authority, world: Callable[[], World]) -> None:
        self.authority = authority
        self.world = world
        self._made: dict[tuple[object, ...], ssl.SSLContext] = {}

    def for_service(self, host: str, service: str) -> ssl.SSLContext:
        """The context of a listener: picks the site's certificate by the name asked for (SNI)."""
        old = (host, service) in self.world().old_tls
        context = self._context(HOST_CERTIFICATE[host], old)
        if service in ("https", "panel"):
            context.sni_callback = partial(self._choose, old)
        return context

    def _choose(self, old: bool, sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        wanted = (name or "").lower()
        for identity, names in NAMES.items():
            if wanted in names:
                sock.context = self._context(identity, old)
                return

    def _context(self, identity: str, old: bool) -> ssl.SSLContext:
        certificate = self.world().certificates.get(identity, Certificate())
        names = certificate.names or NAMES[identity]
        key = (names, certificate.kind, certificate.days, old)
        if key not in self._made:
            self._made[key] = self._load(self.authority.chain_pem(certificate, names), old)
        return self._made[key]

    def _load(self, pem: bytes, old: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with trustme.Blob(pem).tempfile() as path:
            context.load_cert_chain(path)
        if old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # retired: that is the fault
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
        return context
