"""FETCH items, SEARCH keys and sequence sets of IMAP (RFC 3501 sections 6.4.4, 6.4.5 and 9)."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message as Mail

from lab.mail.store import Message

_BODY = re.compile(r"(?:BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?|(RFC822(?:\.\w+)?))", re.I)
_FLAG_KEYS = {"SEEN": "\\Seen", "DELETED": "\\Deleted", "FLAGGED": "\\Flagged",
              "ANSWERED": "\\Answered"}  # fmt: skip


def sequence(text: str, messages: list[Message], by_uid: bool) -> Iterator[tuple[int, Message]]:
    """Messages of a set such as ``1:3,7`` or ``5:*``; by sequence number or by UID."""
    last = (messages[-1].uid if by_uid else len(messages)) if messages else 0
    spans = []
    for part in text.split(","):
        low, _, high = part.partition(":")
        ends = [last if end == "*" else int(end) for end in (low, high or low)]
        spans.append((min(ends), max(ends)))
    for number, message in enumerate(messages, 1):
        key = message.uid if by_uid else number
        if any(low <= key <= high for low, high in spans):
            yield number, message


def fetch_items(message: Message, items: str) -> bytes:
    """The data items asked for, in one parenthesised list's inside."""
    wanted = items.upper()
    for macro in ("ALL", "FAST", "FULL"):
        if wanted.strip("() ") == macro:
            wanted = "FLAGS INTERNALDATE RFC822.SIZE"
    parts: list[bytes] = []
    bodies = _BODY.sub(" ", wanted)
    if "UID" in bodies.strip("()").replace("(", " ").split():
        parts.append(f"UID {message.uid}".encode())
    if "FLAGS" in wanted:
        parts.append(f"FLAGS ({' '.join(sorted(message.flags))})".encode())
    if "INTERNALDATE" in wanted:
        parts.append(f'INTERNALDATE "{message.arrived:%d-%b-%Y %H:%M:%S +0000}"'.encode())
    if "RFC822.SIZE" in wanted:
        parts.append(f"RFC822.SIZE {len(message.data)}".encode())
    parts += [_body(message, found) for found in _BODY.finditer(items)]
    return b" ".join(part for part in parts if part)


def _body(message: Message, found: re.Match[str]) -> bytes:
    section, start, length, whole = found.groups()
    if whole:
        if whole.upper() == "RFC822.SIZE":
            return b""
        label, section = whole.upper(), {"RFC822.HEADER": "HEADER"}.get(whole.upper(), "")
    else:
        label = f"BODY[{section.upper()}]" + (f"<{start}>" if start else "")
        if "PEEK" not in found[0].upper():
            message.flags.add("\\Seen")
    data = _section(message.data, section)
    if start:
        data = data[int(start) : int(start) + int(length)]
    return f"{label} {{{len(data)}}}\r\n".encode() + data


def _section(data: bytes, section: str) -> bytes:
    head, _, body = data.partition(b"\r\n\r\n")
    upper = section.upper()
    if upper.startswith("HEADER.FIELDS"):
        names = {name.lower() for name in re.findall(r"[\w-]+", section.partition("(")[2])}
        mail = email.message_from_bytes(head + b"\r\n\r\n")
        lines = [f"{key}: {value}\r\n" for key, value in mail.items() if key.lower() in names]
        return "".join(lines).encode() + b"\r\n"
    if upper == "HEADER":
        return head + b"\r\n\r\n"
    return body if upper in ("TEXT", "1") else data


def matches(message: Message, number: int, keys: list[str]) -> bool:
    """Whether a message fits all SEARCH keys; a key we do not know fits nothing."""
    mail = email.message_from_bytes(message.data)
    words = iter(keys)
    return all(_matches_one(message, number, mail, word.upper(), words) for word in words)


def _matches_one(message: Message, number: int, mail: Mail, key: str, words: Iterator[str]) -> bool:
    if key == "CHARSET":
        next(words)
        return True
    if key == "NOT":
        return not _matches_one(message, number, mail, next(words).upper(), words)
    if key in ("ALL", "UNDELETED", "UNSEEN", "NEW", "RECENT"):
        return key in ("ALL", "RECENT") or not message.flags & {"\\Seen", "\\Deleted"}
    if key in _FLAG_KEYS:
        return _FLAG_KEYS[key] in message.flags
    if key in ("SUBJECT", "FROM", "TO", "CC"):
        return next(words).lower() in str(mail.get(key, "")).lower()
    if key == "HEADER":
        name, text = next(words), next(words)
        return mail.get(name) is not None and text.lower() in str(mail[name]).lower()
    if key in ("TEXT", "BODY"):
        return next(words).lower().encode() in message.data.lower()
    if key in ("SINCE", "BEFORE", "ON"):
        next(words)
        return key != "BEFORE"
    if key == "UID":
        return any(True for _ in sequence(next(words), [message], by_uid=True))
    return False
