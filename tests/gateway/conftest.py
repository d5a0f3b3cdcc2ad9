"""A gateway on a port of its own, with a pretend Rasa that speaks the private channel."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from qiq.gateway import rest
from qiq.gateway.app import internal_app, public_app
from qiq.gateway.house import House, Places, build
from qiq.gateway.words import Say
from qiq.settings import Settings
from tests.desk.blank import blank

TOKEN = "inside"
PATIENCE = 40.0


def settings_with(**changes: Any) -> Settings:
    """Settings of a small host; ``changes`` replace whole sections."""
    data: dict[str, Any] = {
        "version": 1,
        "servers": [
            {
                "id": "server1",
                "names": ["mail.qiq.example"],
                "addresses": ["127.0.10.1"],
                "services": ["imaps"],
            }
        ],
        "mail": {
            "incoming": [
                {"protocol": "imap", "host": "mail.qiq.example", "port": 993, "security": "tls"}
            ],
            "outgoing": [
                {"protocol": "smtp", "host": "mail.qiq.example", "port": 465, "security": "tls"}
            ],
            "mx": ["mail.qiq.example"],
        },
        "desk": {"recheck_seconds": 0.2},
        **changes,
    }
    return Settings.model_validate(data)


Script = Callable[["FakeRasa", dict[str, Any]], AsyncIterator[bytes]]


def line(**data: Any) -> bytes:
    return json.dumps(data).encode() + b"\n"


async def echo(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    """Answers with what was said, and two buttons."""
    buttons = [
        {"title": "Ja, bitte", "press": {"intent": "affirm", "entities": {"domain": "example.com"}}}
    ]
    yield line(type="message", text=f"You said: {body['text']}", buttons=buttons)
    yield line(type="end", ok=True)


@dataclass
class FakeRasa:
    """``script`` decides what each message gets; ``heard`` is every body that came in."""

    script: Script = echo
    status: int = 200
    heard: list[dict[str, Any]] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> Starlette:
        async def messages(request: Request) -> Response:
            assert request.headers["authorization"] == f"Bearer {TOKEN}"
            body = await request.json()
            self.heard.append(body)
            if self.status != 200:
                return JSONResponse({"error": "not_ready"}, status_code=self.status)
            return StreamingResponse(self.script(self, body), media_type="application/x-ndjson")

        async def health(_: Request) -> Response:
            return JSONResponse({"ok": True})

        async def parse(request: Request) -> Response:
            text = (await request.json())["text"]
            return JSONResponse({"text": text, "intent": {"name": "greet", "confidence": 0.9}})

        return Starlette(
            routes=[
                Route("/webhooks/gateway/messages", messages, methods=["POST"]),
                Route("/webhooks/gateway/health", health),
                Route("/model/parse", parse, methods=["POST"]),
            ]
        )


@asynccontextmanager
async def serving(app: Any, sock: socket.socket | None = None) -> AsyncIterator[str]:
    """The app on a real socket; its address once it answers."""
    sock = sock or free_socket()
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="websockets-sansio")
    server = uvicorn.Server(config)
    server.config.timeout_graceful_shutdown = 1
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def free_socket() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


def wording() -> Say:
    """The real sentences; the rest of the knowledge is not needed here."""
    texts: dict[str, Any] = {}
    for path in sorted(Path("knowledge/wording").glob("*.yml")):
        texts |= yaml.safe_load(path.read_text(encoding="utf-8")) or {}

    def say(key: str, *, turn: int = 0, **args: object) -> str:
        text = texts[key]
        return str(text if isinstance(text, str) else text[turn % len(text)]).format_map(args)

    return say


class NoAccounts:
    """Nobody has an address on file."""

    async def domains_of(self, email: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
        return ()


@dataclass
class Mailbag:
    """E-mails that were sent."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(self, to: str, subject: str, text: str) -> None:
        self.sent.append((to, subject, text))


@dataclass
class Stage:
    """A running gateway and what stands around it."""

    url: str
    internal: str
    house: House
    rasa: FakeRasa
    client: httpx.AsyncClient
    mail: Mailbag
    handed_out: int = 0

    async def say(self, text: str, sender: str = "Ann") -> list[dict[str, Any]]:
        """One message over the REST shape."""
        body = {"sender": sender, "message": text}
        got = await self.client.post("/webhooks/rest/webhook", json=body, timeout=60)
        assert got.status_code == 200, got.text
        return got.json()

    async def events(self, sender: str = "Ann", after: int = 0) -> list[dict[str, Any]]:
        got = await self.client.get(
            "/webhooks/rest/events", params={"sender": sender, "after": str(after)}
        )
        return got.json()

    async def texts(self, sender: str = "Ann", author: str = "bot") -> list[str]:
        return [e["text"] for e in await self.events(sender) if e.get("author") == author]

    def words(self, key: str, **args: object) -> str:
        return self.house.say(key, **args)


async def until(look: Callable[[], Awaitable[Any]], seconds: float = PATIENCE) -> Any:
    """Waits for something to become true; a wait, not a measurement."""
    end = asyncio.get_running_loop().time() + seconds
    while True:
        if found := await look():
            return found
        assert asyncio.get_running_loop().time() < end, "it never happened"
        await asyncio.sleep(0.05)


@dataclass
class Theatre:
    """Makes stages. The same state folder again is the same gateway after a restart."""

    state: Path

    @asynccontextmanager
    async def open(
        self,
        rasa: FakeRasa | None = None,
        *,
        settings: Settings | None = None,
        rasa_url: str | None = None,
        accounts: Any = None,
        post: Any = None,
        nudge: float = 20.0,
        silence: float = 30.0,
        busy: float = 10.0,
        **places: Any,
    ) -> AsyncIterator[Stage]:
        rasa = rasa or FakeRasa()
        mail = Mailbag()
        async with serving(rasa.app()) as fake:
            where = Places(
                state=self.state,
                database_url=blank(self.state / "desk.db"),
                rasa_url=rasa_url or fake,
                internal_token=TOKEN,
                internal_url="http://127.0.0.1:1",
                **places,
            )
            house = build(
                settings or settings_with(),
                where,
                wording(),
                accounts or NoAccounts(),
                post or mail.send,
                rasa_silence_seconds=silence,
                nudge_seconds=nudge,
                busy_seconds=busy,
            )
            app = public_app(house, extra=rest.routes(house))
            async with (
                serving(internal_app(house)) as internal,
                serving(app) as url,
                httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as client,
            ):
                yield Stage(url, internal, house, rasa, client, mail)


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    return Theatre(tmp_path)
