"""Apple configuration profile (``com.apple.mail.managed``), signed where a key is configured."""

from __future__ import annotations

import plistlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs7

from qiq.autoconfig.address import Address
from qiq.settings import Settings

MIME = "application/x-apple-aspen-config"
ACCOUNT = {"imap": "EmailTypeIMAP", "pop3": "EmailTypePOP"}


class BadKey(Exception):
    """The signing key or certificate cannot be used; the message names the file and why."""


@dataclass(frozen=True)
class Signer:
    """Certificate, its chain and the private key, read once."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: RSAPrivateKey | EllipticCurvePrivateKey

    @classmethod
    def load(cls, certificates: Path, key: Path) -> Signer:
        """From PEM files: certificate first, then its chain. Raises ``BadKey``."""
        try:
            found = x509.load_pem_x509_certificates(certificates.read_bytes())
            private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise BadKey(
                f"{certificates}, {key}: {error}; give PEM files, the key unencrypted"
            ) from error
        if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
            raise BadKey(f"{key}: only RSA and elliptic curve keys can sign a profile")
        if private.public_key() != found[0].public_key():
            raise BadKey(f"{key} does not belong to the first certificate in {certificates}")
        return cls(found[0], tuple(found[1:]), private)


def profile(address: Address, settings: Settings, signer: Signer | None = None) -> bytes:
    """A profile for one account: XML property list, or CMS (DER) around it when signed.

    It holds no password: the device asks for it. The same address gives the same identifiers, so
    installing it again replaces the old one instead of adding a second account.
    """
    body = plistlib.dumps(_profile(address, settings))
    if signer is None:
        return body
    builder = pkcs7.PKCS7SignatureBuilder().set_data(body)
    builder = builder.add_signer(signer.certificate, signer.key, hashes.SHA256())
    for certificate in signer.chain:
        builder = builder.add_certificate(certificate)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def _profile(address: Address, settings: Settings) -> dict[str, object]:
    reverse = ".".join(reversed(address.domain.split(".")))
    unique = uuid.uuid5(uuid.NAMESPACE_URL, f"mailto:{address}")
    return {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{reverse}.mail.{unique}",
        "PayloadUUID": str(unique).upper(),
        "PayloadDisplayName": f"Mail: {address}",
        "PayloadOrganization": settings.brand.name,
        "PayloadContent": [_mail(address, settings, reverse, unique)],
    }


def _mail(
    address: Address, settings: Settings, reverse: str, unique: uuid.UUID
) -> dict[str, object]:
    incoming = settings.mail.incoming[0]
    # Apple's "UseSSL" covers both kinds; on 587 Mail upgrades by itself.
    outgoing = settings.mail.outgoing[0]
    inner = uuid.uuid5(unique, "com.apple.mail.managed")
    return {
        "PayloadType": "com.apple.mail.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{reverse}.mail.{unique}.account",
        "PayloadUUID": str(inner).upper(),
        "PayloadDisplayName": str(address),
        "EmailAccountType": ACCOUNT[incoming.protocol],
        "EmailAccountDescription": str(address),
        "EmailAddress": str(address),
        "IncomingMailServerAuthentication": "EmailAuthPassword",
        "IncomingMailServerHostName": incoming.host,
        "IncomingMailServerPortNumber": incoming.port,
        "IncomingMailServerUseSSL": True,
        "IncomingMailServerUsername": str(address),
        "OutgoingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingMailServerHostName": outgoing.host,
        "OutgoingMailServerPortNumber": outgoing.port,
        "OutgoingMailServerUseSSL": True,
        "OutgoingMailServerUsername": str(address),
        "OutgoingPasswordSameAsIncomingPassword": True,
    }
