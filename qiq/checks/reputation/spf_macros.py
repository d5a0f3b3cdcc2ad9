"""Macros of SPF records: ``exists:%{ir}.%{v}._spf.%{d2}`` (RFC 7208 section 7)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote

LONGEST_NAME = 253
LITERALS = {"%%": "%", "%_": " ", "%-": "%20"}
EXPANDABLE = re.compile(r"%(?:\{([slodiphcrtv])(\d*)(r?)([.\-+,/_=]*)\}|[%_\-])", re.IGNORECASE)
EXPLANATION_ONLY = frozenset("crt")


class MacroError(ValueError):
    """Not a macro of the RFC, which makes the whole record an error (section 7.1)."""


@dataclass(frozen=True)
class Asker:
    """Whose mail is judged: address of the sending server, mail address it is sent from, the name
    the server gives itself."""

    ip: ipaddress.IPv4Address | ipaddress.IPv6Address
    sender: str
    helo: str


def validated_name_wanted(text: str) -> bool:
    """Whether ``text`` needs the sending server's own validated name (``p``, "SHOULD NOT be
    used"): which name that is, each receiver finds for itself."""
    return any(match[1] and match[1].lower() == "p" for match in EXPANDABLE.finditer(text))


def expand(text: str, domain: str, asker: Asker) -> str:
    """The name ``text`` stands for in the record of ``domain``. Raises ``MacroError``."""
    if "%" in EXPANDABLE.sub("", text):
        raise MacroError(f"'{text[:60]}' holds a % that begins no macro")
    name = EXPANDABLE.sub(lambda match: _one(match, domain, asker), text)
    while len(name) > LONGEST_NAME:
        name = name.partition(".")[2]  # section 7.3: labels are left out from the left
    return name


def _one(match: re.Match[str], domain: str, asker: Asker) -> str:
    if match[1] is None:
        return LITERALS[match[0]]
    letter = match[1].lower()
    if letter in EXPLANATION_ONLY:
        raise MacroError(f"'{match[0]}' may only stand in an explanation")
    parts = re.split(f"[{re.escape(match[4] or '.')}]", _value(letter, domain, asker))
    if match[3]:
        parts.reverse()
    if match[2]:
        if int(match[2]) == 0:
            raise MacroError(f"'{match[0]}' keeps no part at all")
        parts = parts[-int(match[2]) :]
    value = ".".join(parts)
    return quote(value, safe="") if match[1].isupper() else value


def _value(letter: str, domain: str, asker: Asker) -> str:
    local, _, sender_domain = asker.sender.rpartition("@")
    values = {
        "s": asker.sender, "l": local or "postmaster", "o": sender_domain, "d": domain,
        "i": _dotted(asker.ip), "p": "unknown", "h": asker.helo,
        "v": "in-addr" if asker.ip.version == 4 else "ip6",
    }  # fmt: skip
    return values[letter]


def _dotted(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    return str(ip) if ip.version == 4 else ".".join(ip.exploded.replace(":", ""))
