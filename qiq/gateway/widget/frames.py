"""Frames from the widget, read strictly; each gets an ``ack`` or an ``error``."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from qiq.desk import Conversation
from qiq.gateway.house import House
from qiq.gateway.reception import Taken
from qiq.gateway.widget.files import describe

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LIMITED = frozenset({"message", "press", "rating", "human", "bot", "file", "contact", "verify"})
MAX_TEXT = 200_000
STORE_SECONDS = 5
"""After so long a frame is worth sending again when the store was away."""

Event = dict[str, Any]


class Frames:
    """The same for WebSocket and POST."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def handle(self, conversation: Conversation, frame: Any, ip: str | None) -> Event | None:
        """What to answer to one frame; None when nothing (``typing``)."""
        kind = frame.get("type") if isinstance(frame, dict) else None
        if kind == "ping":
            return {"type": "pong"}
        if kind == "typing":
            return None
        key = frame.get("id") if isinstance(frame, dict) else None
        if kind not in LIMITED or not isinstance(key, str) or not ID.fullmatch(key):
            return self._error("system.bad_frame", None)
        if event := await self._limited(conversation, key, ip):
            return event
        # Holder and verification may have changed since the connection was opened.
        fresh = await asyncio.to_thread(self.house.desk.conversation, conversation.id)
        taken = await self._do(str(kind), fresh or conversation, frame, key, ip)
        return self._answer(taken, key)

    def store_away(self, frame: Any) -> Event:
        """The answer while the store cannot be reached: the client keeps its frame and sends it
        again with the same id."""
        key = frame.get("id") if isinstance(frame, dict) else None
        event = self._error("system.store_locked", key if isinstance(key, str) else None)
        return {**event, "code": "store", "retry_after": STORE_SECONDS}

    async def _limited(self, conversation: Conversation, key: str, ip: str | None) -> Event | None:
        wait = await self.house.message_limit.take(conversation.id)
        if not wait:
            return None
        seconds = str(int(wait) + 1)
        event = self._error("system.slow_down", key, seconds=seconds)
        return {**event, "code": "slow_down", "retry_after": int(seconds)}

    async def _do(
        self,
        kind: str,
        conversation: Conversation,
        frame: Mapping[str, Any],
        key: str,
        ip: str | None,
    ) -> Taken:
        desk = self.house.reception
        if kind == "message" and isinstance(frame.get("text"), str):
            return await desk.message(conversation, frame["text"][:MAX_TEXT], key, ip)
        if kind == "press" and isinstance(frame.get("button"), str):
            return await desk.press(conversation, frame["button"], key, ip)
        if kind == "human":
            return await desk.human(conversation, key, ip)
        if kind == "bot":
            return await desk.bot(conversation, key)
        if kind == "verify":
            return await desk.verify(conversation, key)
        if kind == "rating" and type(frame.get("stars")) is int:
            return await desk.rating(conversation, key, frame["stars"])
        if kind == "contact" and isinstance(frame.get("email"), str):
            when = str(frame.get("when") or "")
            return await desk.contact(conversation, key, frame["email"].strip(), when)
        if kind == "file" and isinstance(frame.get("file"), str):
            return await self._file(conversation, frame, key)
        return Taken(error="system.bad_frame")

    async def _file(self, conversation: Conversation, frame: Mapping[str, Any], key: str) -> Taken:
        record = await asyncio.to_thread(self.house.desk.file, conversation.id, str(frame["file"]))
        if record is None:
            return Taken(error="system.bad_frame")
        custom = describe(record, self.house.places.state)
        return await self.house.reception.file(conversation, key, custom)

    def _answer(self, taken: Taken, key: str) -> Event:
        if taken.error:
            return self._error(taken.error, key, **taken.args)
        if taken.kept:
            # No number yet; the message is on disk here, and sending it again does no harm.
            event = self._error("system.store_locked", key)
            return {**event, "code": "store", "retry_after": 10}
        return {"type": "ack", "id": key, "seq": taken.seq}

    def _error(self, text: str, key: str | None, **args: str) -> Event:
        event: Event = {
            "type": "error",
            "code": text.rpartition(".")[2],
            "text": self.house.say(text, **args),
            "retry_after": None,
        }
        return {**event, "id": key} if key else event
