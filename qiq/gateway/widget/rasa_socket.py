"""Rasa's Socket.IO protocol for hosts that already have a widget made for Rasa.

``session_request`` → ``session_confirm``, ``user_uttered`` → ``bot_uttered``, as Rasa's own channel
speaks it (Socket.IO protocol 5, Engine.IO 4: JavaScript clients 3 and 4). The rules are the
widget's: the session id is a signed token issued here, and one the browser made up opens nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from socketio import ASGIApp, AsyncServer
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from qiq.desk import Conversation, StoreUnavailable
from qiq.desk.types import new_id
from qiq.gateway.house import House
from qiq.gateway.widget.entry import Entry, Refused, TooMany
from qiq.gateway.widget.frames import Frames
from qiq.gateway.widget.rasa_words import frame, uttered
from qiq.gateway.widget.socket import FRAME_CHARS, HELLO_SECONDS, KEEP_SECONDS
from qiq.gateway.widget.stream import events

PATH = "/socket.io"
LOOK_BACK = 50
SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass
class Line:
    """One connection, and the conversation it has been let into."""

    connection: HTTPConnection
    conversation: Conversation | None = None
    customer: str | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def run(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def end(self) -> None:
        for task in self.tasks:
            task.cancel()


class RasaSocket:
    """The compatibility channel: another way into the widget's conversations."""

    def __init__(self, house: House, entry: Entry, frames: Frames) -> None:
        self.house = house
        self.entry = entry
        self.frames = frames
        self.lines: dict[str, Line] = {}
        self.server = AsyncServer(
            async_mode="asgi",
            async_handlers=False,  # in the order they came
            cors_allowed_origins=self._allowed,
            cors_credentials=False,
            max_http_buffer_size=FRAME_CHARS,
        )
        self.app = ASGIApp(self.server, socketio_path=None)
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self.server.on("session_request", self._session)
        self.server.on("user_uttered", self._uttered)

    def routes(self) -> Sequence[BaseRoute]:
        return [Mount(PATH, app=self._serve)]

    async def stop(self) -> None:
        for line in self.lines.values():
            line.end()
        await self.server.shutdown()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        # No JSONP: a script tag asks no origin's leave. An odd id would only end up in the log.
        if "j" in query or not all(SID.fullmatch(sid) for sid in query.get("sid", ())):
            refusal = PlainTextResponse("Bad request.", status_code=400)
            await (WebSocketClose() if scope["type"] == "websocket" else refusal)(
                scope, receive, send
            )
            return
        await self.app(scope, receive, send)

    def _allowed(self, _: str | None, environ: Mapping[str, Any]) -> bool:
        try:
            self.entry.check_origin(HTTPConnection(environ["asgi.scope"]))
        except Refused:
            return False
        return True

    async def _connect(self, sid: str, environ: Mapping[str, Any], _: Any = None) -> None:
        line = self.lines[sid] = Line(HTTPConnection(environ["asgi.scope"]))
        line.run(self._expect_hello(sid, line))

    async def _expect_hello(self, sid: str, line: Line) -> None:
        await asyncio.sleep(HELLO_SECONDS)
        if line.conversation is None:
            await self.server.disconnect(sid)

    async def _disconnect(self, sid: str, *_: Any) -> None:
        if line := self.lines.pop(sid, None):
            line.end()

    async def _session(self, sid: str, *said: Any) -> None:
        """``{"session_id": token or anything}`` → ``session_confirm`` with a token that holds."""
        await self._enter(sid, _body(said).get("session_id"))

    async def _uttered(self, sid: str, *said: Any) -> None:
        """``{"message", "customData"?, "session_id"?}``."""
        body = _body(said)
        line = await self._enter(sid, body.get("session_id"))
        conversation = line.conversation if line else None
        if line is None or conversation is None:
            return
        await self._note(line, conversation, body.get("customData"))
        wanted = frame(body, new_id("sio"))
        if wanted is None:
            return
        ip = self.entry.ip(line.connection)
        try:
            answer = await self.frames.handle(conversation, wanted, ip)
        except StoreUnavailable:
            await self._say(sid, self.house.say("system.store_locked"))
            return
        if answer and answer["type"] == "error":
            await self._say(sid, answer["text"])

    async def _enter(self, sid: str, token: Any) -> Line | None:
        """Lets a connection into a conversation, once: what it names later changes nothing."""
        line = self.lines.get(sid)
        if line is None or line.conversation is not None:
            return line
        try:
            known = await self.entry.returning(token)
            conversation = known or await self.entry.newcomer(self.entry.ip(line.connection))
            await self.entry.note_languages(conversation, line.connection)
            after = await asyncio.to_thread(self._position, conversation)
        except TooMany as error:
            await self._say(sid, error.text)
            return None
        except StoreUnavailable:
            await self._say(sid, self.house.say("system.store_locked"))
            return None
        line.conversation = conversation
        # The same token while it holds: another one tells rasa-webchat to forget the talk.
        confirmed = token if known else self.house.sessions.issue(conversation.id)[0]
        await self.server.emit("session_confirm", confirmed, to=sid)
        line.run(self._send(sid, conversation.id, after))
        return line

    async def _note(self, line: Line, conversation: Conversation, custom: Any) -> None:
        customer = custom.get("customer") if isinstance(custom, dict) else None
        if isinstance(customer, str) and customer != line.customer:
            line.customer = customer
            await self.entry.note_customer(conversation, customer)

    def _position(self, conversation: Conversation) -> int:
        """The last number sent to such a widget, which the desk keeps: there are no receipts."""
        start = max(0, conversation.last_seq - LOOK_BACK)
        recent = self.house.desk.history(conversation.id, start)
        for message in reversed(recent):
            if self.house.desk.was_seen(_sent(conversation.id, message.seq)):
                return message.seq
        return max((one.seq for one in recent if one.author == "visitor"), default=0)

    async def _send(self, sid: str, conversation_id: str, after: int) -> None:
        desk = self.house.desk
        with self.house.hub.listen(conversation_id) as listener:
            async for event in events(desk, listener, conversation_id, after, KEEP_SECONDS):
                if event and (body := uttered(event)):
                    await self.server.emit("bot_uttered", body, to=sid)
                    # Sent is sent, even to a page that leaves at this moment.
                    await asyncio.shield(self._mark(conversation_id, event["seq"]))

    async def _mark(self, conversation_id: str, seq: int) -> None:
        with contextlib.suppress(StoreUnavailable):  # then it may be said once more
            await asyncio.to_thread(self.house.desk.first_sight, _sent(conversation_id, seq))

    async def _say(self, sid: str, text: str) -> None:
        await self.server.emit("bot_uttered", {"text": text}, to=sid)


def _body(said: tuple[Any, ...]) -> Mapping[str, Any]:
    return said[0] if said and isinstance(said[0], dict) else {}


def _sent(conversation_id: str, seq: int) -> str:
    return f"socketio:{conversation_id}:{seq}"
