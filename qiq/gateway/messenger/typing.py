"""The platform's "typing …" while the bot works."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from qiq.desk import Conversation, StoreUnavailable
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.house import House

AGAIN_SECONDS = 4.0
"""Telegram lets it fade after five seconds, the others later."""
Show = Callable[[Conversation], Awaitable[None]]


class Typing:
    """Shown from the start of a turn until its end; nobody is sorry when it fails."""

    def __init__(self, house: House, channel: str, show: Show) -> None:
        self.house = house
        self.channel = channel
        self.show = show
        self._shown: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        self.house.hub.follow(self._heard)

    async def stop(self) -> None:
        tasks = list(self._shown.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _heard(self, conversation_id: str, event: Mapping[str, Any]) -> None:
        if event.get("type") != "typing":
            return
        if task := self._shown.pop(conversation_id, None):
            task.cancel()
        if event.get("on"):
            self._shown[conversation_id] = asyncio.create_task(self._keep_on(conversation_id))

    async def _keep_on(self, conversation_id: str) -> None:
        try:
            talk = await asyncio.to_thread(self.house.desk.conversation, conversation_id)
            while talk is not None and talk.channel == self.channel:
                await self.show(talk)
                await asyncio.sleep(AGAIN_SECONDS)
        except (DeliveryFailed, StoreUnavailable):
            return
