"""Mailboxes shared by SMTP delivery, IMAP and POP3."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

_KEEP = 200
"""Messages kept in one mailbox; the oldest go first, so that a long-lived lab stays small."""


@dataclass
class Message:
    uid: int
    data: bytes
    arrived: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Mailbox:
    """``quota`` and ``used`` are bytes; real messages count on top of ``used``."""

    address: str
    password: str
    quota: int = 1_000_000_000
    used: int = 1_000_000
    suspended: bool = False
    messages: list[Message] = field(default_factory=list)
    next_uid: int = 1
    uid_validity: int = 1

    def deliver(self, data: bytes) -> None:
        self.messages.append(Message(self.next_uid, data, datetime.now(UTC)))
        self.next_uid += 1
        del self.messages[:-_KEEP]

    def expunge(self) -> list[int]:
        """Remove messages flagged deleted; their sequence numbers, highest first."""
        gone = [n for n, m in enumerate(self.messages, 1) if "\\Deleted" in m.flags]
        self.messages = [m for m in self.messages if "\\Deleted" not in m.flags]
        return gone[::-1]

    @property
    def full(self) -> bool:
        return self.used + sum(len(m.data) for m in self.messages) >= self.quota


class Store:
    """All mailboxes by address."""

    def __init__(self) -> None:
        self.boxes: dict[str, Mailbox] = {}

    def add(self, address: str, password: str) -> Mailbox:
        return self.boxes.setdefault(address, Mailbox(address, password))

    def get(self, address: str) -> Mailbox | None:
        return self.boxes.get(address.lower())

    def login(self, user: str, password: str) -> Mailbox | None:
        box = self.get(user)
        if box and not box.suspended and hmac.compare_digest(box.password, password):
            return box
        return None

    def domains(self) -> set[str]:
        return {address.rpartition("@")[2] for address in self.boxes}
