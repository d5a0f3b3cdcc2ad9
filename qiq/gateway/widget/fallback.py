"""Where WebSockets do not get through: server-sent events one way, POST the other."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from qiq.desk import Conversation, StoreUnavailable
from qiq.gateway.house import House
from qiq.gateway.widget.entry import Entry
from qiq.gateway.widget.frames import Frames
from qiq.gateway.widget.stream import events

KEEP_SECONDS = 15.0


class Fallback:
    """The same events and frames as the WebSocket."""

    def __init__(self, house: House, entry: Entry, frames: Frames) -> None:
        self.house = house
        self.entry = entry
        self.frames = frames

    async def events(self, request: Request) -> Response:
        """``GET /widget/events?after=seq``."""
        conversation = await self.entry.bearer(request)
        after = request.query_params.get("after", "0")
        stream = self._stream(conversation, int(after) if after.isdecimal() else 0)
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _stream(self, conversation: Conversation, after: int) -> AsyncIterator[str]:
        with self.house.hub.listen(conversation.id) as listener:
            desk = self.house.desk
            yield ": keep\n\n"
            async for event in events(desk, listener, conversation.id, after, KEEP_SECONDS):
                yield f"data: {json.dumps(event)}\n\n" if event else ": keep\n\n"

    async def post(self, request: Request) -> Response:
        """``POST /widget/messages``: one client frame, answered by its ack or error."""
        try:
            frame = await request.json()
        except ValueError:
            frame = None
        try:
            conversation = await self.entry.bearer(request)
            answer = await self.frames.handle(conversation, frame, self.entry.ip(request))
        except StoreUnavailable:
            answer = self.frames.store_away(frame)
        status = 429 if answer and answer.get("code") == "slow_down" else 200
        body = {"error": answer} if status == 429 else answer or {}
        return JSONResponse(body, status_code=status)
