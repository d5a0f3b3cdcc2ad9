"""Slack as a channel of the gateway: for staff, so nothing is ever delivered through it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from starlette.routing import BaseRoute

from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.house import House
from qiq.gateway.messenger.parts import TokenCheck
from qiq.gateway.pictures import keep_shared
from qiq.gateway.slack.app import SlackChannel as App
from qiq.gateway.slack.app import build
from qiq.gateway.slack.desk_side import StaffDesk
from qiq.gateway.slack.looking import HouseLooking
from qiq.settings.channels import Slack

log = logging.getLogger(__name__)

CHANNEL = "slack"


class SlackStaff:
    name = CHANNEL

    def __init__(self, house: House, settings: Slack) -> None:
        self.house = house
        staff = StaffDesk(
            house.desk,
            house.hub,
            house.say,
            house.settings,
            house.places.state,
            HouseLooking(house),
            partial(keep_shared, house),
        )
        secret = house.settings.secret
        self.app: App = build(
            settings,
            staff,
            bot_token=secret(settings.bot_token_env),
            signing_secret=secret(settings.signing_secret_env),
            app_token=secret(settings.app_token_env) if settings.app_token_env else None,
        )
        self.token_check = TokenCheck(house, CHANNEL, "channels.slack.bot_token_env")
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        return self.app.routes()

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        raise DeliveryFailed("Slack is for staff; no customer talks there", final=True)

    async def start(self) -> None:
        self.token_check.start(self._check)
        self._task = asyncio.create_task(self.app.run())

    async def _check(self) -> None:
        try:
            await self.app.room.client.auth_test()
        except SlackApiError as error:
            raise DeliveryFailed(str(error.response.get("error")), final=True) from error
        except (OSError, TimeoutError) as error:
            raise DeliveryFailed(type(error).__name__) from error

    async def stop(self) -> None:
        await self.token_check.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


def make(house: House) -> SlackStaff | None:
    settings = house.settings.channels.slack
    return SlackStaff(house, settings) if settings else None
