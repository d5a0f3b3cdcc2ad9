"""What a connection is sent: numbered events in order, each once; passing ones in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from qiq.desk import Desk, StoreUnavailable
from qiq.gateway.events import as_event
from qiq.gateway.hub import Listener

STORE_PAUSE = 1.0


async def events(
    desk: Desk, listener: Listener, conversation_id: str, after: int, keep_seconds: float
) -> AsyncIterator[Mapping[str, Any] | None]:
    """Events above ``after``, for ever; None after ``keep_seconds`` without any.

    The bell is cleared before the history is read: what is written during the reading rings
    again, so nothing is missed; the number remembered here sees to it that nothing doubles.
    """
    while True:
        listener.bell.clear()
        while not listener.passing.empty():
            yield listener.passing.get_nowait()
        try:
            fresh = await asyncio.to_thread(desk.history, conversation_id, after)
        except StoreUnavailable:
            await asyncio.sleep(STORE_PAUSE)
            listener.ring()
            continue
        for message in fresh:
            after = message.seq
            yield as_event(message)
        try:
            await asyncio.wait_for(listener.bell.wait(), keep_seconds)
        except TimeoutError:
            yield None
