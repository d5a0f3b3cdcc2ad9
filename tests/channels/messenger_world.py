"""Facebook, Telegram and Twilio channels with a pretend Rasa behind and platforms before them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from qiq.gateway import house as gateway_house
from qiq.gateway.channel import Channel
from qiq.gateway.delivery import Delivery
from qiq.gateway.facebook import channel as facebook
from qiq.gateway.telegram import channel as telegram
from qiq.gateway.twilio import channel as twilio
from qiq.settings import load
from tests.channels.fake_platforms import Platforms, fake_platforms
from tests.channels.fake_slack import serving
from tests.channels.wire import SECRETS, SIGN, TEXT
from tests.channels.words import say

EXAMPLE = Path(__file__).parents[2] / "docs" / "hosting.example.yml"


class FakeRasa:
    """Answers each turn with what the test wants said; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self.reply: dict[str, Any] = {"text": "Hallo! What is your domain?"}

    async def messages(self, request: Request) -> StreamingResponse:
        self.asked.append(await request.json())
        await self.hold.wait()
        lines = [{"type": "message", **self.reply}, {"type": "end", "ok": True}]
        return StreamingResponse(iter([json.dumps(line) + "\n" for line in lines]))


@dataclass
class Messengers:
    platforms: Platforms
    rasa: FakeRasa
    house: gateway_house.House
    channels: dict[str, Channel]
    client: httpx.AsyncClient
    clock: list[timedelta]
    mails: list[tuple[str, str, str]]

    async def post(self, channel: str, body: dict[str, Any], *, forged: bool = False) -> int:
        content, headers = SIGN[channel](body, "wrong" if forged else None)
        answer = await self.client.post(f"/webhooks/{channel}", content=content, headers=headers)
        return answer.status_code

    async def settle(self, deliveries: int = 3) -> None:
        """Every turn answered, every answer delivered (or tried)."""
        for _ in range(200):
            if not self.house.turns._tasks and not self.house.desk.waiting_turns():
                break
            await asyncio.sleep(0.01)
        delivery = Delivery(self.house, list(self.channels.values()))
        for _ in range(deliveries):
            for item in self.house.desk.due(20, 60.0):
                await delivery.deliver(item)

    def texts(self, channel: str) -> list[str]:
        return self.platforms.texts(channel)


PRESS = {"facebook": "quick_reply", "telegram": "callback", "twilio": "whatsapp_button"}
PICTURE = {"telegram": "photo", "twilio": "whatsapp_image"}
VOICE = {"facebook": "audio", "telegram": "voice", "twilio": "whatsapp_voice"}
EVERY = pytest.mark.parametrize("channel", list(TEXT))


class NoAccounts:
    async def domains_of(self, email: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
        return ()


@pytest.fixture
async def messengers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Messengers]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    mails: list[tuple[str, str, str]] = []

    async def post(to: str, subject: str, text: str) -> None:
        mails.append((to, subject, text))

    rasa = FakeRasa()
    rasa_app = Starlette(
        routes=[Route("/webhooks/gateway/messages", rasa.messages, methods=["POST"])]
    )
    async with fake_platforms() as platforms, serving(rasa_app) as rasa_url:
        path = tmp_path / "hosting.yml"
        extra = f"""
  facebook: {{api_url: "{platforms.url}"}}
  telegram: {{api_url: "{platforms.url}"}}
  twilio: {{api_url: "{platforms.url}", whatsapp_from: "+447700900000", sms_from: "+447700900000"}}
"""
        path.write_text(EXAMPLE.read_text(encoding="utf-8").rstrip() + extra, encoding="utf-8")
        places = gateway_house.Places(
            tmp_path, f"sqlite:///{tmp_path}/desk.db", rasa_url, "internal", "http://127.0.0.1:1"
        )
        house = gateway_house.build(load(path), places, say, NoAccounts(), post)
        clock = [timedelta()]
        house.desk.now = lambda: datetime.now(UTC) + clock[0]
        made: list[Channel] = [m.make(house) for m in (facebook, telegram, twilio)]
        app = Starlette(routes=[route for one in made for route in one.routes()])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            yield Messengers(
                platforms, rasa, house, {one.name: one for one in made}, client, clock, mails
            )
        for one in made:
            await one.stop()
        await house.turns.close()
        await house.rasa.close()
        house.desk.dispose()
