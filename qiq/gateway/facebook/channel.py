"""Facebook Messenger as a channel of the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.routing import BaseRoute

from qiq.desk import Conversation
from qiq.gateway.facebook.routes import routes
from qiq.gateway.facebook.send import CHANNEL, FacebookSender
from qiq.gateway.house import House
from qiq.gateway.messenger.parts import Messenger
from qiq.settings.channels import Facebook

MEDIA_HOSTS = (".fbcdn.net", ".facebook.com", ".fbsbx.com")
"""Where the platform keeps pictures; nothing else is fetched, whatever a webhook says."""
MAX_PICTURE = 10_000_000


class FacebookChannel(Messenger):
    def __init__(self, house: House, settings: Facebook) -> None:
        secret = house.settings.secret
        self.app_secret = secret(settings.app_secret_env)
        self.verify_token = secret(settings.verify_token_env)
        self.client = httpx.AsyncClient(timeout=10, trust_env=False)
        token = secret(settings.page_token_env)
        self.sender = FacebookSender(settings, token, house.desk, self.client)
        super().__init__(house, CHANNEL, "channels.facebook.page_token_env", self.fetch)

    def routes(self) -> Sequence[BaseRoute]:
        return routes(self.arrivals, self.app_secret, self.verify_token)

    async def send(self, address: str, body: Mapping[str, Any]) -> str | None:
        return await self.sender.send(address, body)

    async def fetch(self, url: str) -> bytes | None:
        """A picture from the platform's own servers, or None."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not (parts.hostname or "").endswith(MEDIA_HOSTS):
            return None
        found = bytearray()
        try:
            async with self.client.stream("GET", url) as answer:
                async for part in answer.aiter_bytes():
                    found += part
                    if len(found) > MAX_PICTURE:
                        return None
        except httpx.HTTPError:
            return None
        return bytes(found) if answer.is_success else None

    async def check(self) -> None:
        await self.sender.check()

    async def show_typing(self, talk: Conversation) -> None:
        await self.sender.typing(talk.address)

    async def stop(self) -> None:
        await super().stop()
        await self.client.aclose()


def make(house: House) -> FacebookChannel | None:
    settings = house.settings.channels.facebook
    return FacebookChannel(house, settings) if settings else None
