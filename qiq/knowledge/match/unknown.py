"""Reads what can be read from an error nobody has described yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qiq.knowledge.model import UnknownError

_MAX = 8
_HEX = re.compile(r"\b0x[0-9a-fA-F]{8}\b")
_CONSTANT = re.compile(r"\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+){1,8}\b")
_CONSTANT_WORD = re.compile(
    r"ERR|FAIL|DENIED|REFUSED|TIMEOUT|TIMED_OUT|RESET|INVALID|EXCEPTION|UNREACHABLE"
)
_SQLSTATE = re.compile(r"SQLSTATE\[\w{5}\](?: ?\[\d+\])?")
_DSN = re.compile(r"\b[45]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})\b|(?<=#)([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(
    r"(?m)^(?:.{0,80}?(?:said|says|response|reply|error)\W{1,3})?([45]\d\d)[ -](?=[A-Za-z])"
)
_QUOTED = re.compile(r"\"([^\"\n]{12,300})\"|(?<!\w)'([^'\n]{12,300})'(?!\w)")
_SOUNDS_WRONG = re.compile(
    r"(?i)\b(error|fail\w*|cannot|can't|could not|couldn't|unable|denied|refused|invalid"
    r"|not (?:found|allowed|permitted|supported|available|responding)|rejected|timed? ?out|expired"
    r"|missing|lost|wrong|unexpected)\b"
)
_HOST_PORT = re.compile(r"\b((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}):(\d{2,5})\b")
_HOST = re.compile(r"(?i)(?:server|host|hostname)\W{1,4}((?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24})\b")
_PORT = re.compile(r"(?i)\bport\W{1,3}(\d{2,5})\b")
_PROTOCOL = re.compile(
    r"(?i)\b(imaps?|pop3s?|pop|smtps?|sftp|ftps?|https?|autodiscover|exchange|activesync)\b(?!://)"
)
_MAIL = ("imap", "pop", "smtp", "autodiscover", "exchange", "activesync")
_PORT_PROTOCOL = {
    25: "smtp", 465: "smtp", 587: "smtp", 143: "imap", 993: "imap", 110: "pop3", 995: "pop3",
    21: "ftp", 22: "sftp", 80: "http", 443: "https",
}  # fmt: skip


def battery_of(protocol: str | None) -> str | None:
    """The checks that look at a protocol: ``mail``, ``web``, ``ftp``; None when it is not known."""
    if not protocol:
        return None
    if protocol.startswith(_MAIL):
        return "mail"
    return "web" if protocol.startswith("http") else "ftp"


def unknown_errors(text: str, taken: Iterable[tuple[int, int]]) -> list[UnknownError]:
    """Error-like parts of ``text`` outside the spans ``taken`` by known errors; at most eight."""
    spans = list(taken)
    host, port, protocol = _where(text)
    found: dict[str, UnknownError] = {}
    for kind, start, end, code_class in _candidates(text):
        said = text[start:end]
        if said in found or any(start < e and s < end for s, e in spans):
            continue
        spans.append((start, end))
        found[said] = UnknownError(said, kind, start, end, host, port, protocol, code_class)
        if len(found) == _MAX:
            break
    return list(found.values())


def _candidates(text: str) -> Iterator[tuple[str, int, int, str]]:
    for m in _HEX.finditer(text):
        yield "hex", *m.span(), ""
    for m in _CONSTANT.finditer(text):
        if _CONSTANT_WORD.search(m.group()):
            yield "constant", *m.span(), ""
    for m in _SQLSTATE.finditer(text):
        yield "constant", *m.span(), ""
    for m in _DSN.finditer(text):
        group = 1 if m[1] else 2
        yield "dsn", *m.span(group), "temporary" if m[group][0] == "4" else "permanent"
    for m in _REPLY.finditer(text):
        yield "reply", *m.span(1), "temporary" if m[1][0] == "4" else "permanent"
    for m in _QUOTED.finditer(text):
        group = 1 if m[1] else 2
        if _SOUNDS_WRONG.search(m[group]) and len(m[group].split()) >= 3:
            yield "quoted", *m.span(group), ""


def _where(text: str) -> tuple[str | None, int | None, str | None]:
    """Host, port and protocol named anywhere in the text."""
    both = _HOST_PORT.search(text)
    host = both[1] if both else (m[1] if (m := _HOST.search(text)) else None)
    number = both[2] if both else (m[1] if (m := _PORT.search(text)) else None)
    port = int(number) if number and 0 < int(number) < 65536 else None
    named = _PROTOCOL.search(text)
    protocol = named[1].lower() if named else _PORT_PROTOCOL.get(port or 0)
    return host.lower() if host else None, port, protocol
