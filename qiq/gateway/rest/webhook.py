"""``POST /webhooks/rest/webhook``: one message in, everything that was said back out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qiq.desk import Conversation, Message
from qiq.desk.types import new_id
from qiq.gateway.events import BUTTON_ID, as_event
from qiq.gateway.house import House
from qiq.gateway.rasa import RasaFailed
from qiq.gateway.reception import Taken
from qiq.knowledge.countries import of_languages

TURN_SECONDS = 60.0
MAX_SENDER = 150


class Webhook:
    """Each call hands out what was said since the last one, so notices of repair come too."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._handed_out: dict[str, int] = {}

    async def message(self, request: Request) -> Response:
        """``{"sender", "message"}`` → ``[{"recipient_id", "text", "buttons", "custom"}]``."""
        body = await _json(request)
        sender, text = body.get("sender"), body.get("message")
        if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER:
            return _bad("sender", "a text of 1 to 150 characters that names the talk")
        if not isinstance(text, str):
            return _bad("message", "a text, or the payload of a button")
        conversation = await self._open(sender)
        spoken = of_languages(request.headers.get("accept-language", ""))
        if spoken and conversation.country is None:
            await asyncio.to_thread(self.house.desk.set_country, conversation.id, spoken)
        taken = await self._hand_in(conversation, text, new_id("rest"))
        if taken.error:
            said = [{"text": self.house.say(taken.error, **taken.args)}]
        elif taken.kept:
            said = [{"text": self.house.say("system.store_locked")}]
        else:
            said = await self._wait(conversation, taken.message)
        return JSONResponse([{"recipient_id": sender, **one} for one in said])

    async def _open(self, sender: str) -> Conversation:
        return await asyncio.to_thread(self.house.desk.open_conversation, "rest", sender)

    async def _hand_in(self, conversation: Conversation, text: str, key: str) -> Taken:
        reception = self.house.reception
        if BUTTON_ID.fullmatch(text.strip()):
            return await reception.press(conversation, text.strip(), key, None)
        return await reception.message(conversation, text, key, None)

    async def _wait(
        self, conversation: Conversation, message: Message | None
    ) -> list[dict[str, Any]]:
        desk, turns = self.house.desk, self.house.turns
        if message is not None:
            await turns.over(message.id, TURN_SECONDS)
        start = self._handed_out.get(conversation.id, conversation.last_seq)
        events = await asyncio.to_thread(desk.history, conversation.id, start)
        if events:
            self._handed_out[conversation.id] = events[-1].seq
        return [_shape(one) for one in events if one.author != "visitor" and one.kind == "message"]

    async def events(self, request: Request) -> Response:
        """``?sender=…&after=seq``: every event, for what comes without being asked for."""
        conversation = await self._open(request.query_params.get("sender", "")[:MAX_SENDER])
        after = request.query_params.get("after", "0")
        events = await asyncio.to_thread(
            self.house.desk.history, conversation.id, int(after) if after.isdecimal() else 0
        )
        return JSONResponse([as_event(one) for one in events])

    async def parse(self, request: Request) -> Response:
        """``POST /model/parse``: Rasa's own answer, unchanged."""
        text = (await _json(request)).get("text")
        if not isinstance(text, str):
            return _bad("text", "the text to understand")
        try:
            got = await self.house.rasa.parse(text)
        except RasaFailed:
            return JSONResponse({"error": "Rasa does not answer."}, status_code=502)
        return Response(got.content, got.status_code, media_type="application/json")


def _shape(message: Message) -> dict[str, Any]:
    body = message.body
    shaped: dict[str, Any] = {"text": body.get("text", "")}
    if body.get("buttons"):
        shaped["buttons"] = [
            {"title": one["title"], "payload": one["id"]} for one in body["buttons"]
        ]
    if body.get("custom"):
        shaped["custom"] = body["custom"]
    return shaped


async def _json(request: Request) -> Mapping[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _bad(field: str, fix: str) -> Response:
    return JSONResponse({"error": f"{field}: must be {fix}"}, status_code=400)
