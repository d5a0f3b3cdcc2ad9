"""Find domains, mail addresses, URLs and IP addresses in what people type."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import idna

_URL = re.compile(r"\b(?:https?|ftps?|sftp)://[^\s<>\"'`]+", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?<![\w.+@])([\w.+'-]{1,64})@((?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62})(?!\w)"
)
_HOST = re.compile(r"(?<![\w.@/-])((?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62})(?![\w@])")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_TRAILING = ".,;:!?)]}>'\"»”’"

RESERVED = ("example", "test", "invalid", "localhost")
"""Top-level names of RFC 2606; they count as public suffixes here."""

_FILE_SUFFIXES = frozenset({"md", "zip", "sh", "py", "rs", "ps", "pl", "mov", "app", "java", "cab"})
_WORD_SUFFIXES = frozenset(
    """
    all also am any as at be can do help here how in is it just me my no now one please so
    then to us what you
    """.split()  # noqa: SIM905
)
_PLAIN_WORDS = frozenset(
    """
    account again computer connect domain down email emails error fine folder help inbox issue
    mail mails me message now outlook page password phone problem screen send server site
    thanks that this thunderbird today update website work working works yesterday
    """.split()  # noqa: SIM905
)
_KINDS = {
    "url": "web address", "email": "e-mail address", "ip_address": "IP address", "domain": "domain",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One find. ``id`` is the normal form: a host or address in lower case, IDNA as Unicode."""

    type: str
    start: int
    end: int
    id: str
    extra: tuple[tuple[str, Any], ...] = ()


def find(text: str) -> list[Address]:
    """Return all addresses; a URL or mail address brings its domain as a find of its own."""
    found: list[Address] = []
    found += _urls(text)
    found += _emails(text, found)
    found += _ips(text, found)
    found += _hosts(text, found)
    return sorted(found, key=lambda address: (address.start, -address.end))


def masked(text: str) -> str:
    """``text`` with every address replaced by its kind, so that it is about nobody any more."""
    end, parts = 0, []
    for address in find(text):
        if address.start >= end:
            parts += [text[end : address.start], f"({_KINDS[address.type]})"]
            end = address.end
    return "".join((*parts, text[end:]))


def registrable(host: str) -> str | None:
    """Return the registrable name (``shop.example.co.uk`` -> ``example.co.uk``) or None."""
    parts = _extractor()(host)
    return f"{parts.domain}.{parts.suffix}".lower() if parts.domain and parts.suffix else None


def normal_host(host: str) -> str | None:
    """Return the host in lower case, IDNA decoded to Unicode; None when it is no valid name."""
    host = host.rstrip(".").lower()
    try:
        idna.encode(host, uts46=True)
        return idna.decode(idna.encode(host, uts46=True).decode())
    except idna.IDNAError:
        return host if re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", host) else None


def _domain(host: str, start: int, end: int) -> Address | None:
    normal = normal_host(host)
    name = registrable(normal) if normal else None
    if not normal or not name:
        return None
    return Address("domain", start, end, normal, (("registrable", name),))


def _urls(text: str) -> list[Address]:
    found: list[Address] = []
    for match in _URL.finditer(text):
        url = match.group().rstrip(_TRAILING)
        end = match.start() + len(url)
        found.append(Address("url", match.start(), end, url))
        host = re.match(r"[a-z]+://(?:[^/?#@]*@)?(\[[^\]]+\]|[^/?#:]+)", url, re.IGNORECASE)
        if host:
            spot = match.start() + host.start(1)
            domain = _domain(host.group(1), spot, spot + len(host.group(1)))
            found += [domain] if domain else []
    return found


def _emails(text: str, taken: list[Address]) -> list[Address]:
    found: list[Address] = []
    for match in _EMAIL.finditer(text):
        if _inside(match.start(), taken):
            continue
        domain = _domain(match.group(2), match.start(2), match.end(2))
        if domain:
            address = f"{match.group(1)}@{domain.id}".lower()
            found += [Address("email", match.start(), match.end(), address), domain]
    return found


def _ips(text: str, taken: list[Address]) -> list[Address]:
    found: list[Address] = []
    for match in [*_IPV4.finditer(text), *_IPV6.finditer(text)]:
        try:
            address = ipaddress.ip_address(match.group())
        except ValueError:
            continue
        if not _inside(match.start(), taken):
            found.append(Address("ip_address", match.start(), match.end(), str(address)))
    return found


def _hosts(text: str, taken: list[Address]) -> list[Address]:
    found: list[Address] = []
    for match in _HOST.finditer(text):
        if _inside(match.start(), taken) or _is_sentence_end(match.group()):
            continue
        domain = _domain(match.group(), match.start(), match.end())
        found += [domain] if domain else []
    return found


def _inside(spot: int, taken: list[Address]) -> bool:
    return any(address.start <= spot < address.end for address in taken)


def _is_sentence_end(written: str) -> bool:
    """True for "working.It" and "style.md": two sentences run together, or a file."""
    labels = written.split(".")
    last, before = labels[-1], labels[-2]
    if last.lower() in _FILE_SUFFIXES and len(labels) == 2:
        return last.lower() != "app" or before.lower() in _PLAIN_WORDS
    if last[0].isupper() and not last.isupper() and before[-1].islower():
        return True
    return last.lower() in _WORD_SUFFIXES and before.lower() in _PLAIN_WORDS


@lru_cache(maxsize=1)
def _extractor() -> Any:
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=RESERVED)
