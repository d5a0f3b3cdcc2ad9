"""What the house gives every messenger: pictures, the start-up look at the token, typing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from qiq.desk import Conversation
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.house import House
from qiq.gateway.messenger.arrivals import PICTURE, Arrivals, Fetch
from qiq.gateway.messenger.typing import Typing
from qiq.gateway.pictures import keep_checked

log = logging.getLogger(__name__)


def arrivals(house: House, channel: str, fetch: Fetch) -> Arrivals:
    """The way in, with the house's own care for pictures."""

    async def keep_picture(conversation: Conversation, data: bytes) -> Mapping[str, Any] | None:
        return await asyncio.to_thread(keep_checked, house, conversation.id, data)

    return Arrivals(channel, house.desk, house.reception, house.say, fetch, keep_picture)


class TokenCheck:
    """Asks the platform once, in the background, whether it knows our token."""

    def __init__(self, house: House, channel: str, setting: str, *, key: str = "") -> None:
        self.house = house
        self.channel = channel
        self.setting = setting
        self.key = key or f"channel:{channel}"
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
            await asyncio.to_thread(self.house.desk.raise_alert, "channel", text, key=self.key)
            return
        await asyncio.to_thread(self.house.desk.end_alert, self.key)


class Messenger:
    """What every messenger's channel does alike: its life, and what the outbox hands it."""

    def __init__(self, house: House, name: str, setting: str, fetch: Fetch) -> None:
        self.house = house
        self.name = name
        self.arrivals = arrivals(house, name, fetch)
        self.token_check = TokenCheck(house, name, setting)
        self.typing = Typing(house, name, self.show_typing)

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        """A message to send, or a picture of the customer's to fetch."""
        if body.get("kind") == PICTURE:
            await self.arrivals.fetch_picture(address, body)
            return None
        return await self.send(address, body)

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        raise NotImplementedError

    async def check(self) -> None:
        """Asks the platform who we are. Raises ``DeliveryFailed``."""
        raise NotImplementedError

    async def show_typing(self, talk: Conversation) -> None:
        raise NotImplementedError

    async def start(self) -> None:
        self.token_check.start(self.check)
        self.typing.start()

    async def stop(self) -> None:
        await self.typing.stop()
        await self.token_check.stop()
