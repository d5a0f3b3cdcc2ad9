"""What the house gives every messenger: pictures, the start-up look at the token, typing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from qiq.desk import Conversation
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.house import House
from qiq.gateway.messenger.arrivals import Arrivals, Fetch
from qiq.gateway.pictures import keep_checked

log = logging.getLogger(__name__)


def arrivals(house: House, channel: str, fetch: Fetch) -> Arrivals:
    """The way in, with the house's own care for pictures."""

    async def keep_picture(conversation: Conversation, data: bytes) -> Mapping[str, Any] | None:
        return await asyncio.to_thread(keep_checked, house, conversation.id, data)

    return Arrivals(channel, house.desk, house.reception, house.say, fetch, keep_picture)


class TokenCheck:
    """Asks the platform once, in the background, whether it knows our token."""

    def __init__(self, house: House, channel: str, setting: str) -> None:
        self.house = house
        self.channel = channel
        self.setting = setting
        self._task: asyncio.Task[None] | None = None

    def start(self, check: Callable[[], Awaitable[None]]) -> None:
        self._task = asyncio.create_task(self._look(check))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self, check: Callable[[], Awaitable[None]]) -> None:
        try:
            await check()
        except DeliveryFailed as error:
            text = self.house.say(
                "staff.channel_refused",
                channel=self.channel,
                setting=self.setting,
                error=str(error),
            )
            log.error("%s", text)
            await asyncio.to_thread(
                self.house.desk.raise_alert, "channel", text, key=f"channel:{self.channel}"
            )
            return
        await asyncio.to_thread(self.house.desk.end_alert, f"channel:{self.channel}")
