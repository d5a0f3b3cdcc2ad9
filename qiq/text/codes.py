"""Find protocols, ports and error codes by their shape; quoted messages are matched elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A protocol, port or error code at ``start:end``; ``id`` is its normal form."""

    type: str
    start: int
    end: int
    id: str


_PROTOCOLS = re.compile(
    r"(?<![\w@.-])(imaps?|pop-?3?s?|smtps?|s?ftps?|https?|ssh|starttls|start tls|"
    r"(?:ssl|tls)(?:[ -]?v?1[.,][0-3]|v[23])?|webdav|caldav|carddav|activesync|mapi)"
    r"(?![\w@]|://|-auth)",
    re.IGNORECASE,
)
_EXCHANGE = re.compile(
    r"\b(?:(?:microsoft|ms) exchange|exchange(?= (?:server|account|online|active))|"
    r"Exchange)(?!\w)"
)
_PORT = re.compile(r"\bports?(?: (?:number|no\.?|nr))?[ :#]{0,2}(\d{2,5})\b", re.IGNORECASE)
_MORE_PORTS = re.compile(r"\bports?[^\n.]{0,30}?\d{2,5}(?: ?(?:/|,|and|or|to|&) ?(\d{2,5}))+", re.I)
_HOST_PORT = re.compile(r"(?<=[a-z]):(\d{2,5})\b(?![:.\d])", re.IGNORECASE)
_MAIL_PORT = re.compile(r"(?<![\w.:/-])(465|587|993|995|2525|2083|2087|2096)(?![\w.:/%-]|\.\d)")

_SHAPES = (
    r"\b0x[0-9a-f]{8}\b",
    r"\b[245]\d\d[ -]#?[245]\.\d{1,3}\.\d{1,3}\b",
    r"(?<![\d.])[245]\.[0-7]\.\d{1,3}(?![\d.])(?= |$|\W)",
    r"\b(?:net::)?ERR_[A-Z0-9_]{3,}",
    r"\b(?:SEC|SSL|PR|MOZILLA_PKIX|NS|DNS_PROBE|SSL_ERROR)_[A-Z0-9_]{4,}",
    r"\bDNS_PROBE_[A-Z_]+",
    r"\bSQLSTATE ?\[?[0-9A-Z]{5}\]?(?: ?\[\d+\])?",
    r"\bAADSTS\d{4,}",
    r"\bconnection (?:has )?(?:been )?(?:timed[ -]?out|refused|reset(?: by peer)?)\b",
    r"\bdo(?:es)? not have (?:sufficient )?permissions?(?: to access this page)?",
    r"\b(?:E|EE)(?:TIMEDOUT|CONNREFUSED|NOTFOUND|AI_AGAIN|CONNRESET)\b",
    r"\bOB\d{3}\b",
    r"[\[{]F\d{1,2}[\]}]",
)
_SHAPE = re.compile("|".join(f"(?:{shape})" for shape in _SHAPES), re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:error|code|err|fehler|status|http|smtp|response|errno)\b[ :#(=]{0,3}"
    r"(?:(?:code|number|no\.?|message)[ :#(]{0,3})?(-?\d{3,5})\b(?!\.\d)",
    re.IGNORECASE,
)
_SMTP_HINTS = re.compile(
    r"smtp|bounce|mailbox|relay|rejected|recipient|sender|deliver|undeliver|mail|spam|denied",
    re.IGNORECASE,
)
_PROTOCOL_IDS = {"pop": "POP3", "pop-3": "POP3", "pops": "POP3S", "start tls": "STARTTLS"}


def find(text: str) -> list[Code]:
    """Return every code of these shapes in the text, longest first where they overlap."""
    return [*_protocols(text), *_ports(text), *_errors(text)]


def _protocols(text: str) -> list[Code]:
    found = []
    for match in _PROTOCOLS.finditer(text):
        after = text[match.end() : match.end() + 12]
        if match.group().lower() == "http" and re.match(
            r"[ :]*(error|status|code|\d{3})", after, re.I
        ):
            continue  # "HTTP 503" is one error code
        found.append(_protocol(match))
    return found + [
        Code("protocol", m.start(), m.end(), "EXCHANGE") for m in _EXCHANGE.finditer(text)
    ]


def _protocol(match: re.Match[str]) -> Code:
    written = match.group().lower()
    return Code("protocol", match.start(), match.end(), _PROTOCOL_IDS.get(written, written.upper()))


def _ports(text: str) -> list[Code]:
    spots: dict[tuple[int, int], str] = {}
    for pattern in (_PORT, _HOST_PORT, _MAIL_PORT):
        for match in pattern.finditer(text):
            spots[match.span(1)] = match.group(1)
    for run in _MORE_PORTS.finditer(text):
        for match in re.finditer(r"\d{2,5}", run.group()):
            spots[(run.start() + match.start(), run.start() + match.end())] = match.group()
    return [
        Code("port", *span, number) for span, number in spots.items() if 0 < int(number) < 65536
    ]


def _errors(text: str) -> list[Code]:
    found = [
        Code("error_code", m.start(), m.end(), m.group().upper()) for m in _SHAPE.finditer(text)
    ]
    for match in _NUMBERED.finditer(text):
        found.append(_numbered(text, match.start(1), match.end(1)))
    return found


def _numbered(text: str, start: int, end: int) -> Code:
    """A bare number is HTTP's or SMTP's by the words around it."""
    number = text[start:end]
    around = text[max(0, start - 80) : end + 80]
    if number.startswith("55") or (number[0] in "45" and _SMTP_HINTS.search(around)):
        return Code("error_code", start, end, f"smtp-{number}")
    return Code("error_code", start, end, f"http-{number}" if len(number) == 3 else number)
