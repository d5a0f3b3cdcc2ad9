"""WhatsApp and SMS by Twilio as a channel of the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute

from qiq.desk import Conversation
from qiq.gateway.house import House
from qiq.gateway.messenger.parts import Messenger
from qiq.gateway.twilio.routes import routes
from qiq.gateway.twilio.send import CHANNEL, TwilioSender, make_client
from qiq.settings.channels import Twilio


class NeedsPublicUrl(ValueError):
    """Twilio signs the public address, so it must be known."""

    def __init__(self) -> None:
        super().__init__("channels.public_url is missing in hosting.yml; Twilio signs that address")


class TwilioChannel(Messenger):
    def __init__(self, house: House, settings: Twilio) -> None:
        if house.settings.channels.public_url is None:
            raise NeedsPublicUrl
        self.public_url = house.settings.channels.public_url
        self.auth_token = house.settings.secret(settings.auth_token_env)
        account = house.settings.secret(settings.account_sid_env)
        client = make_client(settings, account, self.auth_token)
        self.sender = TwilioSender(settings, client, house.desk)
        super().__init__(house, CHANNEL, "channels.twilio.auth_token_env", self.fetch)

    def routes(self) -> Sequence[BaseRoute]:
        return routes(self.arrivals, self.auth_token, self.public_url)

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        return await self.sender.send(address, body)

    async def fetch(self, url: str) -> bytes | None:
        return await asyncio.to_thread(self.sender.fetch, url)

    async def check(self) -> None:
        await asyncio.to_thread(self.sender.check)

    async def show_typing(self, talk: Conversation) -> None:
        sid = await asyncio.to_thread(self._newest_sid, talk.id)
        if sid:
            await asyncio.to_thread(self.sender.typing, talk.address, sid)

    def _newest_sid(self, conversation_id: str) -> str | None:
        """Twilio's own id of what the customer wrote last."""
        for message in reversed(self.house.desk.history(conversation_id, limit=10)):
            if message.author == "visitor":
                mark = str(message.body.get("client_id", "")).removeprefix(f"{CHANNEL}:")
                return mark.partition(":")[0] or None
        return None


def make(house: House) -> TwilioChannel | None:
    settings = house.settings.channels.twilio
    return TwilioChannel(house, settings) if settings else None
