"""Telegram as a channel of the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute

from qiq.gateway.house import House
from qiq.gateway.messenger.parts import TokenCheck, arrivals
from qiq.gateway.telegram.routes import routes
from qiq.gateway.telegram.send import CHANNEL, TelegramSender, make_bot
from qiq.settings.channels import Telegram


class TelegramChannel:
    name = CHANNEL

    def __init__(self, house: House, settings: Telegram) -> None:
        self.house = house
        self.secret = house.settings.secret(settings.secret_env)
        self.bot = make_bot(settings, house.settings.secret(settings.token_env))
        self.sender = TelegramSender(self.bot, house.desk)
        self.token_check = TokenCheck(house, CHANNEL, "channels.telegram.token_env")

    def routes(self) -> Sequence[BaseRoute]:
        inbox = arrivals(self.house, CHANNEL, self.sender.fetch)
        return routes(inbox, self.sender, self.secret)

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        return await self.sender.send(address, body)

    async def start(self) -> None:
        self.token_check.start(self.sender.check)

    async def stop(self) -> None:
        await self.token_check.stop()
        await self.bot.session.close()


def make(house: House) -> TelegramChannel | None:
    settings = house.settings.channels.telegram
    return TelegramChannel(house, settings) if settings else None
