"""What every sender shares: the item to deliver, and how a delivery can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import httpx

from qiq.desk import Desk
from qiq.desk.model import OutboxItem
from qiq.gateway.messenger.model import Outgoing

WINDOW = timedelta(hours=24)
"""Facebook and WhatsApp: free-form messages only so long after the customer's last words."""

HUMAN_WINDOW = timedelta(days=7)
"""Facebook: a person may answer so long."""


@dataclass
class SendFailed(Exception):
    """The platform did not take it. ``final``: trying again is no use."""

    reason: str
    final: bool = False
    retry_after: float | None = None

    def __str__(self) -> str:
        return self.reason


class Sender(Protocol):
    """Delivers one item of the outbox; returns the platform's id. Raises ``SendFailed``."""

    async def send(self, item: OutboxItem) -> str | None: ...


def outgoing(item: OutboxItem, desk: Desk) -> Outgoing | None:
    """What to say, or None when there is nothing to say or nobody wants to hear it."""
    if item.body.get("kind") != "message" or not item.body.get("text"):
        return None
    if desk.opted_out(item.channel, item.address) and not item.body.get("last"):
        return None
    custom = item.body.get("custom") or {}
    return Outgoing.of_body(item.body, custom.get("receipt"))


def silence(desk: Desk, item: OutboxItem, now: datetime) -> timedelta:
    """How long ago the customer last wrote."""
    conversation = desk.open_conversation(item.channel, item.address)
    heard = desk.last_heard(conversation.id)
    return now - heard if heard else timedelta.max


Call = TypeVar("Call")


def once_each(
    desk: Desk, item: OutboxItem, calls: Sequence[Call], deliver: Callable[[Call], str | None]
) -> str | None:
    """Delivers the pieces of one item; a later try goes on behind the last one that was taken."""
    remote = None
    for number, call in enumerate(calls):
        mark = f"sent:{item.id}:{number}"
        if not desk.was_seen(mark):
            remote = deliver(call)
            desk.first_sight(mark)
    return remote


async def once_each_async(
    desk: Desk,
    item: OutboxItem,
    calls: Sequence[Call],
    deliver: Callable[[Call], Awaitable[str | None]],
) -> str | None:
    """``once_each`` for clients that are asynchronous."""
    remote = None
    for number, call in enumerate(calls):
        mark = f"sent:{item.id}:{number}"
        if not await asyncio.to_thread(desk.was_seen, mark):
            remote = await deliver(call)
            await asyncio.to_thread(desk.first_sight, mark)
    return remote


async def post_json(
    client: httpx.AsyncClient, url: str, body: Mapping[str, Any], **options: Any
) -> Mapping[str, Any]:
    """One call of a JSON API; its answer. Raises ``SendFailed`` for anything but success."""
    try:
        answer = await client.post(url, json=body, **options)
    except httpx.HTTPError as error:
        raise SendFailed(type(error).__name__) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise SendFailed(f"HTTP {answer.status_code}", retry_after=_retry_after(answer))
    try:
        found = answer.json()
    except ValueError as error:
        raise SendFailed(f"HTTP {answer.status_code}, no JSON") from error
    return found if isinstance(found, Mapping) else {}


def _retry_after(answer: httpx.Response) -> float | None:
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None
