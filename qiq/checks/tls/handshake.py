"""What a TLS handshake showed: protocol, names, issuer, dates, and whether devices trust it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID, NameOID

from qiq.checks.dial import Connection
from qiq.checks.errors import CertificateError, Trouble, WireError, printable

EXPIRED, NOT_YET_VALID, SELF_SIGNED = 10, 9, 18
SELF_SIGNED_IN_CHAIN, NO_ISSUER, FIRST_UNVERIFIED = 19, 20, 21


@dataclass(frozen=True)
class Handshake:
    """``issuer_to_fetch`` means that the last certificate sent names where its issuer's can be had.

    ``verify_code`` is OpenSSL's X509_V_ERR (0: trusted); ``names`` are A-labels, lower case."""

    version: str
    subject: str
    issuer: str
    issuer_organisation: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    self_signed: bool
    sent: int = 1
    issuer_to_fetch: bool = False
    verify_code: int = 0
    verify_text: str = ""

    def days_left(self, now: datetime | None = None) -> int:
        return (self.not_after - (now or datetime.now(UTC))).days

    def covers(self, host: str) -> bool:
        """Whether ``host`` is on the certificate (RFC 9525 section 6.3)."""
        host = host.lower().rstrip(".")
        return any(_matches(name, host) for name in self.names)


Hold = Callable[[bool, bool], Awaitable[Handshake | None]]


def read_handshake(line: Connection) -> Handshake:
    """Facts of the finished handshake on ``line``."""
    ssl_object = line.ssl_object
    der = ssl_object.getpeercert(binary_form=True) if ssl_object else None
    if ssl_object is None or not der:
        raise WireError(Trouble.TLS, "the server showed no certificate")
    sent = _sent_chain(ssl_object)
    return parse(der, ssl_object.version() or "", sent)


async def with_any_certificate(hold: Hold) -> Handshake | None:
    """Trusted certificates first; a second look only when that fails, to see what is wrong.

    ``hold(verify, old)`` connects and returns what was shown, None when it came not so far. Raises
    the ``WireError`` of the first try when the second fails as well.
    """
    try:
        return await hold(True, False)
    except WireError as error:
        # Servers that speak only old versions often hang up instead of saying so.
        if error.trouble not in (Trouble.TLS, Trouble.CLOSED):
            raise
        refusal = error
    code = refusal.code if isinstance(refusal, CertificateError) else 0
    try:
        shown = await hold(False, code == 0)
    except WireError:
        raise refusal from None
    return shown and replace(shown, verify_code=code, verify_text=refusal.detail)


def parse(der: bytes, version: str, sent: tuple[bytes, ...] = ()) -> Handshake:
    try:
        leaf = x509.load_der_x509_certificate(der)
        last = x509.load_der_x509_certificate(sent[-1]) if sent else leaf
        return Handshake(
            version=version, subject=_common_name(leaf.subject), issuer=_common_name(leaf.issuer),
            issuer_organisation=_organisation(leaf.issuer), names=_names(leaf),
            not_before=leaf.not_valid_before_utc, not_after=leaf.not_valid_after_utc,
            self_signed=leaf.subject == leaf.issuer, sent=max(1, len(sent)),
            issuer_to_fetch=_names_its_issuer(last),
        )  # fmt: skip
    except ValueError as error:
        raise WireError(Trouble.TLS, "the certificate cannot be read") from error


def _sent_chain(ssl_object: object) -> tuple[bytes, ...]:
    """The certificates as sent. Public since Python 3.13; the same call was private before."""
    inner = getattr(ssl_object, "_sslobj", None)
    for owner in (ssl_object, inner):
        read = getattr(owner, "get_unverified_chain", None)
        if read is not None:
            chain = read() or ()
            return tuple(c if isinstance(c, bytes) else c.public_bytes(2) for c in chain)
    return ()


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_oid(
            ExtensionOID.SUBJECT_ALTERNATIVE_NAME
        )
    except x509.ExtensionNotFound:
        return (_common_name(certificate.subject).lower(),)
    value = extension.value
    assert isinstance(value, x509.SubjectAlternativeName)
    names = [printable(name.lower()) for name in value.get_values_for_type(x509.DNSName)]
    return tuple(names[:200])


def _names_its_issuer(certificate: x509.Certificate) -> bool:
    """Public authorities say where the missing piece can be fetched (RFC 5280 section 4.2.2.1)."""
    try:
        extension = certificate.extensions.get_extension_for_oid(
            ExtensionOID.AUTHORITY_INFORMATION_ACCESS
        )
    except x509.ExtensionNotFound:
        return False
    assert isinstance(extension.value, x509.AuthorityInformationAccess)
    oid = AuthorityInformationAccessOID.CA_ISSUERS
    return any(item.access_method == oid for item in extension.value)


def _common_name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            return printable(str(found[0].value))
    return printable(name.rfc4514_string())


def _organisation(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return printable(str(found[0].value)) if found else _common_name(name)


def _matches(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:] and bool(host.partition(".")[0])
    return pattern == host
