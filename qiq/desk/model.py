"""What the desk hands out: frozen records, no rows or dicts across the boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Holder = Literal["bot", "waiting", "person"]
Author = Literal["visitor", "bot", "staff", "system"]
Kind = Literal["message", "state", "file", "rating"]


@dataclass(frozen=True)
class Conversation:
    """One talk with one visitor in one channel. ``address`` is the channel's own name for it."""

    id: str
    channel: str
    address: str
    visitor: str
    holder: Holder
    staff: str | None
    email: str | None
    verified_domains: tuple[str, ...]
    page: str | None
    country: str | None
    last_seq: int
    opened_at: datetime
    active_at: datetime


@dataclass(frozen=True)
class Message:
    """One numbered event of a conversation. ``new`` is false when ``key`` was already there."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    kind: Kind
    body: Mapping[str, Any]
    at: datetime
    new: bool = True


@dataclass(frozen=True)
class Turn:
    """A visitor's message that the bot still owes an answer."""

    message: Message
    press: Mapping[str, Any] | None
    ip: str | None
    tries: int
    told: bool


@dataclass(frozen=True)
class Case:
    """One problem of one customer."""

    number: str
    conversation_id: str
    intent: str
    domain: str | None
    text: str
    state: str
    verdict: str | None
    cause: str | None
    outcome: str | None
    goodwill_used: int
    stars: int | None
    claimed_by: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class DiagnosisRecord:
    """A diagnosis as it was given: the contract's payload and the text for staff."""

    case_number: str
    payload: Mapping[str, Any]
    staff_text: str
    at: datetime


@dataclass(frozen=True)
class StepRecord:
    """A first-aid step given in a case; ``helped`` is None until the customer said."""

    step_id: str
    helped: bool | None
    at: datetime


@dataclass(frozen=True)
class Alert:
    """Something a person of the host must know."""

    id: str
    kind: str
    case_number: str | None
    conversation_id: str | None
    text: str
    state: str
    staff: str | None
    at: datetime


@dataclass(frozen=True)
class Watch:
    """A host fault that is checked again until its repair is proved."""

    case_number: str
    conversation_id: str
    cause: str
    complaint: Mapping[str, Any]
    subject: Mapping[str, Any]
    state: str
    tries: int
    passes: int
    since: datetime


@dataclass(frozen=True)
class IncidentUpdate:
    """One line of an incident's public story."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Incident:
    """The same fault on the same server for several customers. ``count`` is conversations told."""

    id: str
    cause: str
    server: str
    title: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    count: int
    updates: tuple[IncidentUpdate, ...] = ()


@dataclass(frozen=True)
class Handover:
    """Where a customer stands who asked for a person. ``position`` counts from 1.

    ``wait_minutes`` is None where a number would be a guess: for more than an hour, and for a
    queue that is longer than the day. ``today``: their turn comes before the desk closes.
    """

    state: Holder
    position: int
    wait_minutes: int | None
    open_now: bool
    today: bool = True
    staff: str | None = None
    reason: str = ""
    summary: str = ""
    case_number: str | None = None
    contact: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OutboxItem:
    """Something still to be delivered to a channel or a ticket system."""

    id: str
    key: str
    channel: str
    address: str
    body: Mapping[str, Any]
    tries: int


@dataclass(frozen=True)
class Button:
    """What pressing a button means. The visitor only ever sees ``id`` and ``title``."""

    id: str
    title: str
    press: Mapping[str, Any]


@dataclass(frozen=True)
class FileRecord:
    """A re-encoded picture a visitor sent; ``path`` is below the state folder."""

    id: str
    conversation_id: str
    mime: str
    width: int
    height: int
    path: str
    at: datetime
