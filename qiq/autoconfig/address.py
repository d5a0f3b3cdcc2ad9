"""The one thing a mail program tells us: an e-mail address."""

from __future__ import annotations

import re
from dataclasses import dataclass

import idna

_LOCAL = re.compile(r"^[^\s@<>\"'&%\\\x00-\x1f\x7f]{1,64}$")


class BadAddress(ValueError):
    """The text is not an e-mail address."""


@dataclass(frozen=True)
class Address:
    """``local@domain``; ``domain`` in lower-case A-labels (RFC 5890)."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse_address(text: str) -> Address:
    """Read an address. Raises ``BadAddress`` for anything else."""
    local, at, domain = text.strip().rpartition("@")
    if not at or len(text) > 320 or not _LOCAL.match(local):
        raise BadAddress("not an e-mail address")
    return Address(local, parse_domain(domain))


def parse_domain(text: str) -> str:
    """A domain in A-labels. Raises ``BadAddress`` for anything else."""
    try:
        domain = idna.encode(text.strip().rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadAddress("not a domain name") from error
    if "." not in domain or domain.rsplit(".", 1)[1].isdigit():
        raise BadAddress("not a domain name")
    return domain
