"""The Slack channel, assembled: Bolt app, HTTP route or Socket Mode, and the room's writer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.internals import parse_body
from slack_bolt.response import BoltResponse
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from qiq.desk import Desk
from qiq.gateway.slack.desk_side import StaffDesk
from qiq.gateway.slack.handlers import Handlers
from qiq.gateway.slack.rights import Rights
from qiq.gateway.slack.room import Room
from qiq.settings.channels import Slack

PATH = "/webhooks/slack"
PING_SECONDS = 10
"""Between two signs of life of a socket, and between two tries to open one."""


@dataclass(frozen=True)
class SlackChannel:
    """``routes`` for the gateway, ``run`` for its life."""

    app: AsyncApp
    room: Room
    app_token: str | None

    def routes(self) -> list[Route]:
        """Events, commands and interactions share one address; none with Socket Mode."""
        if self.app_token is not None:
            return []
        handler = AsyncSlackRequestHandler(self.app)

        async def events(request: Request) -> Response:
            if not _readable(await request.body(), request.headers.get("content-type")):
                return PlainTextResponse("this is no request of Slack's", 400)
            return await handler.handle(request)

        return [Route(PATH, events, methods=["POST"])]

    async def run(self) -> None:
        """Keeps Slack in step with the desk; with Socket Mode also listens."""
        if self.app_token is None:
            await self.room.run()
            return
        socket = AsyncSocketModeHandler(self.app, self.app_token, ping_interval=PING_SECONDS)
        # Alerts are posted even while no socket can be opened; the client tries for ever.
        listening = asyncio.create_task(socket.connect_async())  # type: ignore[no-untyped-call]
        try:
            await self.room.run()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await socket.close_async()  # type: ignore[no-untyped-call]


def _readable(body: bytes, kind: str | None) -> bool:
    """Whether it is JSON or a form that holds an object. Bolt reads it before the signature."""
    try:
        return isinstance(parse_body(body.decode(), kind), dict)
    except ValueError:
        return False


def build(
    settings: Slack,
    staff: StaffDesk,
    *,
    bot_token: str,
    signing_secret: str,
    app_token: str | None = None,
    pause: float = 1.0,
) -> SlackChannel:
    """The channel with the tokens that the settings name."""
    client = AsyncWebClient(token=bot_token, base_url=f"{settings.api_url}/", timeout=10)
    client.retry_handlers += [
        AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        AsyncConnectionErrorRetryHandler(max_retry_count=1),
    ]
    # Bolt checks the signature and refuses what is older than five minutes.
    app = AsyncApp(
        client=client, signing_secret=signing_secret, raise_error_for_unhandled_request=False
    )
    app.middleware(_once(staff.desk))
    rights = Rights(client, settings.staff_group, settings.admin_group)
    Handlers(staff, rights, client, settings.topics.values()).register(app)
    room = Room(staff.desk, client, settings, staff.say, staff.state, pause=pause)
    return SlackChannel(app, room, app_token)


def _once(desk: Desk) -> Callable[..., Awaitable[Any]]:
    """Slack sends an event again when an answer was slow, and anyone may replay what they saw:
    an event's id, and the trigger of a command or a button, are taken once."""

    async def once(body: dict[str, Any], next: Callable[[], Awaitable[Any]]) -> Any:
        mark = body.get("event_id") or body.get("trigger_id")
        if mark and not await asyncio.to_thread(desk.first_sight, f"slack:{mark}"):
            return BoltResponse(status=200)
        return await next()

    return once
