"""WhatsApp and SMS by Twilio as a channel of the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute

from qiq.gateway.house import House
from qiq.gateway.messenger.parts import TokenCheck, arrivals
from qiq.gateway.twilio.routes import routes
from qiq.gateway.twilio.send import CHANNEL, TwilioSender, make_client
from qiq.settings.channels import Twilio


class NeedsPublicUrl(ValueError):
    """Twilio signs the public address, so it must be known."""

    def __init__(self) -> None:
        super().__init__("channels.public_url is missing in hosting.yml; Twilio signs that address")


class TwilioChannel:
    name = CHANNEL

    def __init__(self, house: House, settings: Twilio) -> None:
        if house.settings.channels.public_url is None:
            raise NeedsPublicUrl
        self.house = house
        self.public_url = house.settings.channels.public_url
        self.auth_token = house.settings.secret(settings.auth_token_env)
        account = house.settings.secret(settings.account_sid_env)
        client = make_client(settings, account, self.auth_token)
        self.sender = TwilioSender(settings, client, house.desk)
        self.token_check = TokenCheck(house, CHANNEL, "channels.twilio.auth_token_env")

    def routes(self) -> Sequence[BaseRoute]:
        return routes(arrivals(self.house, CHANNEL, self.fetch), self.auth_token, self.public_url)

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        return await self.sender.send(address, body)

    async def fetch(self, url: str) -> bytes | None:
        return await asyncio.to_thread(self.sender.fetch, url)

    async def start(self) -> None:
        async def check() -> None:
            await asyncio.to_thread(self.sender.check)

        self.token_check.start(check)

    async def stop(self) -> None:
        await self.token_check.stop()


def make(house: House) -> TwilioChannel | None:
    settings = house.settings.channels.twilio
    return TwilioChannel(house, settings) if settings else None
