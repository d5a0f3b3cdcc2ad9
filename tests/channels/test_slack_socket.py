"""Socket Mode: the same talk with Slack without a public address."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from qiq.gateway.slack import app as slack_app
from qiq.settings.channels import Slack
from tests.channels.fake_slack import SECRET
from tests.channels.slack_world import World, until
from tests.channels.wire import fixture


class Socket:
    """Slack's end of the socket: sends envelopes, keeps what was acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.to_send: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.opened = 0

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        self.opened += 1
        await socket.send_json({"type": "hello", "num_connections": 1})
        reading = asyncio.create_task(self._read(socket))
        try:
            while True:
                await socket.send_json(await self.to_send.get())
        finally:
            reading.cancel()

    async def _read(self, socket: WebSocket) -> None:
        while True:
            self.acknowledged.append(json.loads(await socket.receive_text())["envelope_id"])

    def event(self, number: int, kind: str = "app_mention") -> None:
        payload = fixture("slack", kind)
        self.to_send.put_nowait(
            {"type": "events_api", "envelope_id": f"e{number}", "payload": payload,
             "accepts_response_payload": False}
        )  # fmt: skip


@pytest.fixture
async def socket(world: World):
    there = Socket()
    world.slack.app.routes.append(WebSocketRoute("/link", there.serve))
    settings = Slack(topics={"default": "C_ALL", "mail": "C_MAIL"}, api_url=world.slack.url)
    channel = slack_app.build(
        settings, world.staff, bot_token="xoxb-test", signing_secret=SECRET,
        app_token="xapp-test", pause=0.05,
    )  # fmt: skip
    assert channel.routes() == [], "no public address is opened"
    running = asyncio.create_task(channel.run())
    yield there
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_mention_over_the_socket_is_acknowledged_and_answered_once(
    world: World, socket: Socket
) -> None:
    await until(lambda: socket.opened, "the socket opens")
    socket.event(1)
    socket.event(2)  # Slack sends the same event again
    await until(lambda: len(socket.acknowledged) == 2, "both are acknowledged")
    await until(lambda: world.slack.messages, "it is answered")
    assert len(world.slack.messages) == 1


async def test_alerts_are_posted_while_no_socket_can_be_opened(world: World, monkeypatch) -> None:
    monkeypatch.setattr(slack_app, "PING_SECONDS", 1)
    world.slack.refuse_socket = True
    settings = Slack(topics={"default": "C_ALL", "mail": "C_MAIL"}, api_url=world.slack.url)
    channel = slack_app.build(
        settings, world.staff, bot_token="xoxb-test", signing_secret=SECRET,
        app_token="xapp-test", pause=0.05,
    )  # fmt: skip
    running = asyncio.create_task(channel.run())
    world.talk()
    await until(lambda: world.slack.roots(), "the alert is posted")
    there = Socket()
    world.slack.app.routes.append(WebSocketRoute("/link", there.serve))
    world.slack.refuse_socket = False
    await until(lambda: there.opened, "the socket opens later")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
