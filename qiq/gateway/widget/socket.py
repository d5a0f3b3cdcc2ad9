"""The widget's WebSocket: first frame ``hello`` with the session token, then frames both ways."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from qiq.desk import Conversation, StoreUnavailable
from qiq.gateway.house import House
from qiq.gateway.widget.entry import Entry, Refused
from qiq.gateway.widget.frames import Frames
from qiq.gateway.widget.stream import events

HELLO_SECONDS = 10.0
KEEP_SECONDS = 20.0
FRAME_CHARS = 256 * 1024
GOING_AWAY = 1001
TRY_AGAIN = 1013


class Socket:
    """One connection; a page may have several."""

    def __init__(self, house: House, entry: Entry, frames: Frames) -> None:
        self.house = house
        self.entry = entry
        self.frames = frames
        self.closing = asyncio.Event()

    async def serve(self, socket: WebSocket) -> None:
        """Runs until either side leaves."""
        await socket.accept()
        try:
            self.entry.check_origin(socket)
            hello = await asyncio.wait_for(_read(socket), HELLO_SECONDS)
            conversation, after = await self._hello(hello)
            await self._talk(socket, conversation, after)
        except Refused as error:
            await _close(socket, 4000 + error.status)
        except TimeoutError:
            await _close(socket, 4401)
        except StoreUnavailable:
            await _close(socket, TRY_AGAIN)
        except WebSocketDisconnect:
            return

    async def _hello(self, frame: Any) -> tuple[Conversation, int]:
        if not isinstance(frame, dict) or frame.get("type") != "hello":
            raise Refused(401, "hello")
        after = frame.get("after", 0)
        conversation = await self.entry.enter(str(frame.get("token", "")))
        return conversation, after if isinstance(after, int) and after > 0 else 0

    async def _talk(self, socket: WebSocket, conversation: Conversation, after: int) -> None:
        lock = asyncio.Lock()
        with self.house.hub.listen(conversation.id) as listener:
            sending = asyncio.create_task(self._send(socket, listener, conversation, after, lock))
            reading = asyncio.create_task(self._receive(socket, conversation, lock))
            leaving = asyncio.create_task(self.closing.wait())
            tasks = {sending, reading, leaving}
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            if leaving in done:
                await _close(socket, GOING_AWAY)
            for task in done:
                task.result()

    async def _send(
        self, socket: WebSocket, listener: Any, conversation: Conversation, after: int, lock: Any
    ) -> None:
        desk = self.house.desk
        async for event in events(desk, listener, conversation.id, after, KEEP_SECONDS):
            async with lock:
                await socket.send_json(event or {"type": "pong"})

    async def _receive(self, socket: WebSocket, conversation: Conversation, lock: Any) -> None:
        ip = self.entry.ip(socket)
        while True:
            frame = await _read(socket)
            try:
                answer = await self.frames.handle(conversation, frame, ip)
            except StoreUnavailable:
                answer = self.frames.store_away(frame)
            if answer is not None:
                async with lock:
                    await socket.send_json(answer)


async def _read(socket: WebSocket) -> Any:
    text = await socket.receive_text()
    if len(text) > FRAME_CHARS:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


async def _close(socket: WebSocket, code: int) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code)
