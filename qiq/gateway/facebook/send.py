"""Send API: one message after the other, so that their order is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from qiq.desk import Desk
from qiq.gateway.channel import DeliveryFailed, WindowOver
from qiq.gateway.facebook import render
from qiq.gateway.messenger.sending import (
    HUMAN_WINDOW,
    WINDOW,
    Body,
    once_each_async,
    outgoing,
    post_json,
    silence,
)
from qiq.settings.channels import Facebook

CHANNEL = "facebook"

# Error codes of the Graph API that trying again cannot mend.
FINAL = {10: "outside the messaging window", 100: "bad request", 190: "the page token is not valid",
         551: "this person cannot be reached", 200: "not permitted"}  # fmt: skip
BUSY = frozenset({1, 2, 4, 32, 613, 1200})


class FacebookSender:
    """Delivers to Messenger."""

    def __init__(
        self, settings: Facebook, token: str, desk: Desk, client: httpx.AsyncClient
    ) -> None:
        self.url = f"{settings.api_url}/{settings.api_version}/me/messages"
        self.token = token
        self.desk = desk
        self.client = client

    async def send(self, address: str, body: Body) -> str | None:
        """The id of the last piece. Raises ``DeliveryFailed``."""
        message = await asyncio.to_thread(outgoing, self.desk, CHANNEL, address, body)
        if message is None:
            return None
        quiet = await asyncio.to_thread(silence, self.desk, CHANNEL, address)
        late = self._late(quiet, str(body.get("author")))
        bodies = render.render(message, address, late=late)
        return await once_each_async(self.desk, body, bodies, self._deliver)

    async def _deliver(self, body: Mapping[str, Any], mark: str) -> str | None:
        # The platform hands the mark back in its echo: taken, even if this answer is lost.
        marked = {**body, "message": {**body["message"], "metadata": mark}}
        return str((await self._call(marked)).get("message_id") or "") or None

    async def typing(self, address: str) -> None:
        """The three dots; nobody is sorry when they fail."""
        await self._call(render.typing(address))

    async def check(self) -> None:
        """Asks who we are; raises ``DeliveryFailed`` when the token is not good."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.client.get(self.url.removesuffix("/messages"), headers=headers)
        except httpx.HTTPError as error:
            raise DeliveryFailed(type(error).__name__) from error
        if answer.status_code in (400, 401, 403):
            raise DeliveryFailed("the page token is not valid", final=True)

    def _late(self, quiet: timedelta, author: str) -> bool:
        if quiet < WINDOW:
            return False
        # The tag is for people only, and for seven days.
        if author == "staff" and quiet < HUMAN_WINDOW:
            return True
        raise WindowOver("the 24-hour window is over; write by e-mail")

    async def _call(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        found = await post_json(self.client, self.url, body, headers=headers)
        error = found.get("error")
        if not isinstance(error, Mapping):
            return found
        code = int(error.get("code") or 0)
        if code in BUSY:
            raise DeliveryFailed(f"Graph API error {code}")
        raise DeliveryFailed(f"Graph API error {code}: {FINAL.get(code, 'refused')}", final=True)
