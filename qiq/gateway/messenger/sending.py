"""What every messenger shares when it delivers: what to say, when it may, each piece once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx

from qiq.desk import Desk
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.messenger.model import Outgoing

WINDOW = timedelta(hours=24)
"""Facebook and WhatsApp: free-form messages only so long after the customer's last words."""

HUMAN_WINDOW = timedelta(days=7)
"""Facebook: a person may answer so long."""


Body = Mapping[str, Any]
"""An item of the outbox: an event's body with ``kind``, ``author`` and ``outbox_key``."""


def outgoing(desk: Desk, channel: str, address: str, body: Body) -> Outgoing | None:
    """What to say, or None when there is nothing to say or nobody wants to hear it."""
    custom = body.get("custom") or {}
    if body.get("kind") != "message" or not (body.get("text") or custom.get("link")):
        return None
    if desk.opted_out(channel, address) and not body.get("last"):
        return None
    link = str(custom.get("receipt") or "")
    # Without a public address the link is a path, which means nothing in a messenger.
    return Outgoing.of_body(body, link if link.startswith("https://") else None)


def silence(desk: Desk, channel: str, address: str) -> timedelta:
    """How long ago the customer last wrote."""
    heard = desk.last_heard(desk.open_conversation(channel, address).id)
    return desk.now() - heard if heard else timedelta.max


Call = TypeVar("Call")


def mark_of(body: Body, number: int) -> str:
    """The name of one piece of one item, the same at every try."""
    return f"sent:{body['outbox_key']}:{number}"


def once_each(
    desk: Desk,
    body: Body,
    calls: Sequence[Call],
    deliver: Callable[[Call], str | None],
    taken: Callable[[Call, datetime], str | None],
) -> str | None:
    """Delivers the pieces of one item; a later try goes on behind the last one that was taken.

    A note is made before each call. Finding an old one means that the platform may have taken
    the piece without our hearing of it: then it is asked first (``taken``, since that moment).
    """
    remote = None
    for number, call in enumerate(calls):
        mark = mark_of(body, number)
        if desk.was_seen(mark):
            continue
        began = desk.seen_at(f"begun:{mark}")
        desk.first_sight(f"begun:{mark}")
        remote = (taken(call, began) if began else None) or deliver(call)
        desk.first_sight(mark)
    return remote


async def once_each_async(
    desk: Desk,
    body: Body,
    calls: Sequence[Call],
    deliver: Callable[[Call, str], Awaitable[str | None]],
) -> str | None:
    """The same for platforms that cannot be asked; ``deliver`` is told the mark of the piece."""
    remote = None
    for number, call in enumerate(calls):
        mark = mark_of(body, number)
        if not await asyncio.to_thread(desk.was_seen, mark):
            remote = await deliver(call, mark)
            await asyncio.to_thread(desk.first_sight, mark)
    return remote


async def post_json(
    client: httpx.AsyncClient, url: str, body: Mapping[str, Any], **options: Any
) -> Mapping[str, Any]:
    """One call of a JSON API; its answer. Raises ``DeliveryFailed`` for anything but success."""
    try:
        answer = await client.post(url, json=body, **options)
    except httpx.HTTPError as error:
        raise DeliveryFailed(type(error).__name__) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise DeliveryFailed(f"HTTP {answer.status_code}")
    try:
        found = answer.json()
    except ValueError as error:
        raise DeliveryFailed(f"HTTP {answer.status_code}, no JSON") from error
    return found if isinstance(found, Mapping) else {}
