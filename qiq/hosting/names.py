"""Domain names as everybody must write them: lower case, A-labels, no last dot."""

from __future__ import annotations

import idna


def a_label(name: str) -> str:
    """``Müller.example.`` → ``xn--mller-kva.example``. Raises ``ValueError`` with the fix."""
    text = name.strip().rstrip(".").lower()
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower() if text else _wrong(name)
    except idna.IDNAError as error:
        raise ValueError(f"{name!r} is not a domain name; write it like example.com") from error


def a_label_address(address: str) -> str:
    """A mail address with its domain as A-labels, in lower case."""
    local, at, domain = address.strip().rpartition("@")
    if not local or not at:
        raise ValueError(f"{address!r} is not a mail address; write it like info@example.com")
    return f"{local.lower()}@{a_label(domain)}"


def _wrong(name: str) -> str:
    raise ValueError(f"{name!r} is not a domain name; write it like example.com")
