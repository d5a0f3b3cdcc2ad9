"""A server's certificate, made as public authorities make them (RFC 5280; CA/B Baseline 7.1.2.7).

trustme's own have a critical list of names, which strict verifiers (sslyze's) refuse.
"""

from __future__ import annotations

from datetime import datetime

import idna
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOTHING = dict.fromkeys(
    (
        "content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
        "encipher_only", "decipher_only", "key_encipherment",
    ),
    False,
)  # fmt: skip


def issued(
    names: tuple[str, ...], begins: datetime, ends: datetime, issuer: trustme.CA, *above: trustme.CA
) -> trustme.LeafCert:
    """Signed by ``issuer``; ``above`` are the authorities sent along with it."""
    authority = x509.load_pem_x509_certificate(issuer.cert_pem.bytes())
    signer = serialization.load_pem_private_key(issuer.private_key_pem.bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        _builder(names, begins, ends, key, authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .add_extension(x509.KeyUsage(digital_signature=True, **NOTHING), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return _with_key(key, certificate, [one.cert_pem.bytes() for one in above])


def self_signed(names: tuple[str, ...], begins: datetime, ends: datetime) -> trustme.LeafCert:
    """A certificate that vouches for itself, as fresh server software makes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(names, begins, ends, key, _subject(names))
    return _with_key(key, builder.sign(key, hashes.SHA256()), [])


def _builder(
    names: tuple[str, ...],
    begins: datetime,
    ends: datetime,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
) -> x509.CertificateBuilder:
    alternative = x509.SubjectAlternativeName([x509.DNSName(_ascii(name)) for name in names])
    number = x509.random_serial_number()
    return (
        x509.CertificateBuilder(issuer, _subject(names), key.public_key(), number, begins, ends)
        .add_extension(alternative, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _subject(names: tuple[str, ...]) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _ascii(names[0]))])


def _ascii(name: str) -> str:
    return name if name.isascii() else idna.encode(name).decode()


def _with_key(
    key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, chain: list[bytes]
) -> trustme.LeafCert:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return trustme.LeafCert(pem, certificate.public_bytes(serialization.Encoding.PEM), chain)
