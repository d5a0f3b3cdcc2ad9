"""A small gateway that speaks exactly the protocol of docs/interfaces.md, with faults to switch on.

It stands in for the real one where a test needs what the real one must never do: a dropped line, a
duplicated or late frame, a stop in mid-talk, an answer full of hostile text.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

WIDGET = Path(__file__).parents[2] / "widget"
STRICT = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'"
PAGE = "<!doctype html><html lang=en><title>Page</title><script src=/widget.js async></script>"
Event = dict[str, Any]


@dataclass
class Faults:
    """What is wrong with the way between widget and gateway just now."""

    no_websocket: bool = False
    duplicate: bool = False
    swap: bool = False
    """Sends each second numbered event before the first."""
    swallow_acks: bool = False
    refuse: Event | None = None
    """The error event that answers the next kept frame, once."""
    refuse_session: tuple[int, Event] | None = None
    deaf: bool = False
    """Takes no connection at all: closes what is open, answers 503."""


@dataclass
class Talk:
    """One conversation: its numbered events, and the lines open to it."""

    id: str = field(default_factory=lambda: f"c_{uuid.uuid4().hex[:8]}")
    events: list[Event] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    lines: set[asyncio.Queue[Event | None]] = field(default_factory=set)
    customer: str | None = None


@dataclass
class Gateway:
    """State that outlives a restart of the server, as a database would."""

    talks: dict[str, Talk] = field(default_factory=dict)
    frames: list[Event] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    brand: Event = field(default_factory=lambda: {"name": "Würfel Hosting"})
    page: str = (
        "<!doctype html><html lang=en><title>Page</title><script src=/widget.js async></script>"
    )
    policy: str = STRICT
    sockets: set[WebSocket] = field(default_factory=set)
    gap: int = 0
    """Numbers to skip at the next event, as a note between staff would take one."""
    held: Event | None = None

    @property
    def talk(self) -> Talk:
        """The newest conversation."""
        return list(self.talks.values())[-1]

    def add(self, talk: Talk, event: Event) -> Event:
        """Numbers an event, stores it, and sends it to all lines of its conversation."""
        seq = (talk.events[-1]["seq"] if talk.events else 0) + 1 + self.gap
        self.gap = 0
        event = {"at": datetime.now(UTC).isoformat(), **event, "seq": seq}
        talk.events.append(event)
        for each in self._disturbed(event):
            self.tell(talk, each)
        return event

    def _disturbed(self, event: Event) -> list[Event]:
        if self.faults.swap:
            if self.held is None:
                self.held = event
                return []
            first, self.held = self.held, None
            return [event, first]
        return [event, event] if self.faults.duplicate else [event]

    @staticmethod
    def tell(talk: Talk, event: Event | None) -> None:
        for line in list(talk.lines):
            line.put_nowait(event)

    def say(self, text: str = "", *, author: str = "bot", **more: Any) -> Event:
        """A message of the bot (or of staff) in the newest conversation."""
        event = {"type": "message", "id": f"m_{uuid.uuid4().hex[:8]}", "author": author}
        return self.add(self.talk, {**event, "text": text, **more})

    def state(self, holder: str, **more: Any) -> Event:
        return self.add(self.talk, {"type": "state", "holder": holder, **more})

    def take(self, talk: Talk, frame: Event) -> Event | None:
        """A client's frame; the answer is its `ack`, an `error`, or None."""
        self.frames.append(frame)
        kind, key = frame["type"], frame.get("id")
        if kind == "ping":
            return {"type": "pong"}
        if key is None:
            return None
        if self.faults.refuse:
            error, self.faults.refuse = self.faults.refuse, None
            return {"type": "error", "id": key, **error}
        if key not in talk.taken:
            talk.taken[key] = self._store(talk, frame)
        return (
            None if self.faults.swallow_acks else {"type": "ack", "id": key, "seq": talk.taken[key]}
        )

    def _store(self, talk: Talk, frame: Event) -> int:
        message: Event = {"type": "message", "id": frame["id"], "author": "visitor", "text": ""}
        match frame["type"]:
            case "message":
                message["text"] = frame["text"]
            case "press":
                message["text"] = self._title(talk, frame["button"])
            case "file":
                name, data = self.files[frame["file"]]
                url = f"/widget/files/{frame['file']}"
                kind = {"type": "file", "media_type": "image/png", "size": len(data)}
                message["custom"] = {**kind, "name": name, "url": url}
            case _:
                return 0
        return int(self.add(talk, message)["seq"])

    @staticmethod
    def _title(talk: Talk, button: str) -> str:
        buttons = (b for event in talk.events for b in event.get("buttons") or [])
        return next(b["title"] for b in buttons if b["id"] == button)

    def by_header(self, request: Request) -> Talk | None:
        return self.talks.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    # The HTTP side

    async def session(self, request: Request) -> Response:
        if self.faults.deaf:
            return Response(status_code=503)
        if self.faults.refuse_session:
            (status, error), self.faults.refuse_session = self.faults.refuse_session, None
            return JSONResponse({"error": error}, status)
        asked = await request.json()
        token = asked["token"]
        if token not in self.talks:
            token = f"t_{uuid.uuid4().hex}"
            self.talks[token] = Talk()
        talk = self.talks[token]
        talk.customer = asked["customer"] or talk.customer
        seq = talk.events[-1]["seq"] if talk.events else 0
        answer = {"token": token, "conversation": talk.id, "expires": None, "history": talk.events}
        return JSONResponse({**answer, "seq": seq, "brand": self.brand, "texts_version": "1"})

    async def socket(self, ws: WebSocket) -> None:
        if self.faults.no_websocket or self.faults.deaf:
            return await ws.close(4000)
        await ws.accept()
        self.sockets.add(ws)
        try:
            hello = await ws.receive_json()
            talk = self.talks.get(hello["token"])
            if talk is None:
                return await ws.close(4401)
            await self._converse(ws, talk, hello["after"])
        except (WebSocketDisconnect, RuntimeError):
            return None  # the page went away, or the test cut the line
        finally:
            self.sockets.discard(ws)

    async def _converse(self, ws: WebSocket, talk: Talk, after: int) -> None:
        line: asyncio.Queue[Event | None] = asyncio.Queue()
        for event in [event for event in talk.events if event["seq"] > after]:
            line.put_nowait(event)
        talk.lines.add(line)

        async def write() -> None:
            while (event := await line.get()) is not None:
                await ws.send_json(event)

        writer = asyncio.create_task(write())
        try:
            while True:
                answer = self.take(talk, await ws.receive_json())
                if answer:
                    line.put_nowait(answer)
        finally:
            talk.lines.discard(line)
            writer.cancel()

    async def events(self, request: Request) -> Response:
        talk = self.by_header(request)
        if talk is None or self.faults.deaf:
            return Response(status_code=503 if self.faults.deaf else 401)
        after = int(request.query_params["after"])
        line: asyncio.Queue[Event | None] = asyncio.Queue()
        for event in [event for event in talk.events if event["seq"] > after]:
            line.put_nowait(event)
        talk.lines.add(line)

        async def stream() -> AsyncIterator[str]:
            yield ": keep\n\n"
            try:
                while (event := await line.get()) is not None:
                    yield f"data: {json.dumps(event)}\n\n"
            finally:
                talk.lines.discard(line)

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def messages(self, request: Request) -> Response:
        talk = self.by_header(request)
        if talk is None or self.faults.deaf:
            return Response(status_code=503 if self.faults.deaf else 401)
        return JSONResponse(self.take(talk, await request.json()) or {"type": "pong"})

    async def upload(self, request: Request) -> Response:
        if self.by_header(request) is None:
            return Response(status_code=401)
        async with request.form() as form:
            file = form["file"]
            assert not isinstance(file, str)
            key = f"f_{uuid.uuid4().hex[:8]}"
            self.files[key] = (file.filename or "", await file.read())
        return JSONResponse({"file": key})

    async def file(self, request: Request) -> Response:
        known = self.files.get(request.path_params["file"])
        if self.by_header(request) is None or known is None:
            return Response(status_code=404)
        return Response(known[1], media_type="image/png")

    async def host_page(self, _: Request) -> Response:
        return HTMLResponse(self.page, headers={"Content-Security-Policy": self.policy})

    async def built(self, request: Request) -> Response:
        name = request.path_params.get("name")
        path = WIDGET / "dist" / (f"texts/{name}" if name else "widget.js")
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    def app(self) -> Starlette:
        routes = [
            Route("/widget/session", self.session, methods=["POST"]),
            Route("/widget/events", self.events),
            Route("/widget/messages", self.messages, methods=["POST"]),
            Route("/widget/files", self.upload, methods=["POST"]),
            Route("/widget/files/{file}", self.file),
            WebSocketRoute("/widget/ws", self.socket),
            Route("/widget.js", self.built),
            Route("/widget/texts/{name}", self.built),
            Route("/{page:path}", self.host_page),
        ]
        app = Starlette(routes=routes)
        app.add_middleware(
            CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
        )
        return app
