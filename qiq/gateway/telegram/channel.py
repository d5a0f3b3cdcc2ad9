"""Telegram as a channel of the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute

from qiq.desk import Conversation
from qiq.gateway.house import House
from qiq.gateway.messenger.parts import Messenger
from qiq.gateway.telegram.routes import routes
from qiq.gateway.telegram.send import CHANNEL, TelegramSender, make_bot
from qiq.settings.channels import Telegram


class TelegramChannel(Messenger):
    def __init__(self, house: House, settings: Telegram) -> None:
        self.secret = house.settings.secret(settings.secret_env)
        self.bot = make_bot(settings, house.settings.secret(settings.token_env))
        self.sender = TelegramSender(self.bot, house.desk)
        super().__init__(house, CHANNEL, "channels.telegram.token_env", self.sender.fetch)

    def routes(self) -> Sequence[BaseRoute]:
        return routes(self.arrivals, self.sender, self.secret)

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        return await self.sender.send(address, body)

    async def check(self) -> None:
        await self.sender.check()

    async def show_typing(self, talk: Conversation) -> None:
        await self.sender.typing(talk.address)

    async def stop(self) -> None:
        await super().stop()
        await self.bot.session.close()


def make(house: House) -> TelegramChannel | None:
    settings = house.settings.channels.telegram
    return TelegramChannel(house, settings) if settings else None
