"""Names of the authorities that devices trust."""

from __future__ import annotations

import ssl
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from qiq.checks.dial import tls_context


@lru_cache(maxsize=4)
def houses(roots: Path | None) -> frozenset[frozenset[str]]:
    """The words of each trusted authority's organisation."""
    context: ssl.SSLContext = tls_context(roots, verify=True)
    found = set()
    for der in context.get_ca_certs(binary_form=True):
        try:
            subject = x509.load_der_x509_certificate(der).subject
        except ValueError:
            continue
        for attribute in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME):
            found.add(frozenset(str(attribute.value).lower().split()))
    return frozenset(found)


def of_a_trusted_house(organisation: str, roots: Path | None) -> bool:
    """Whether an unknown issuer belongs to an authority that is trusted: then only the piece in
    between is missing."""
    words = frozenset(organisation.lower().split())
    return bool(words) and any(words <= house for house in houses(roots))
