"""Slack as a channel of the gateway: for staff, so nothing is ever delivered through it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from starlette.routing import BaseRoute

from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.house import House
from qiq.gateway.messenger.parts import TokenCheck
from qiq.gateway.pictures import keep_shared
from qiq.gateway.slack.app import SlackChannel as App
from qiq.gateway.slack.app import build
from qiq.gateway.slack.desk_side import StaffDesk
from qiq.gateway.slack.looking import HouseLooking
from qiq.gateway.slack.refusals import error_of
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
        self.token_checks = [TokenCheck(house, CHANNEL, "channels.slack.bot_token_env")]
        if self.app.app_token is not None:
            # The socket's client tries again for ever and tells only the log.
            setting = "channels.slack.app_token_env"
            self.token_checks.append(TokenCheck(house, CHANNEL, setting, key="channel:slack:app"))
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        return self.app.routes()

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        raise DeliveryFailed("Slack is for staff; no customer talks there", final=True)

    async def start(self) -> None:
        client = self.app.room.client
        app_token = self.app.app_token or ""
        asking: list[Callable[[], Awaitable[object]]] = [
            client.auth_test,
            partial(client.apps_connections_open, app_token=app_token),
        ]
        for check, ask in zip(self.token_checks, asking, strict=False):
            check.start(partial(_accepted, ask))
        self._task = asyncio.create_task(self.app.run())

    async def stop(self) -> None:
        for check in self.token_checks:
            await check.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def _accepted(ask: Callable[[], Awaitable[object]]) -> None:
    """Raises ``DeliveryFailed`` when Slack refuses the token, or cannot be asked."""
    try:
        await ask()
    except SlackApiError as error:
        raise DeliveryFailed(error_of(error), final=True) from error
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
        raise DeliveryFailed(type(error).__name__) from error


def make(house: House) -> SlackStaff | None:
    settings = house.settings.channels.slack
    return SlackStaff(house, settings) if settings else None
