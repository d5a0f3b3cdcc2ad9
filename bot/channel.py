"""The one private channel between gateway and Rasa (docs/interfaces.md).

A request is one message of a conversation; the answer is a stream of NDJSON lines, one for each
response as soon as its action ended, and a last line that says whether the turn went well.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import house, incoming, turn
from bot.output import TurnOutput
from bot.tracker_store import StoreUnavailable

logger = logging.getLogger(__name__)
LONGEST_TEXT = 4_000


class GatewayChannel(InputChannel):
    """`POST /webhooks/gateway/messages`, `POST …/parse` and `GET …/health`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.turns: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayChannel:
        """Needs `token`; an empty one would leave the door open, so it is refused."""
        token = (credentials or {}).get("token")
        if not token:
            raise ValueError("credentials.yml: token is empty; set QIQ_INTERNAL_TOKEN")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("gateway")

        # Sanic marks the handlers it registers, which bound methods do not allow.
        @blueprint.post("/messages")
        async def messages(request: Request) -> HTTPResponse | None:
            return await self.messages(request)

        @blueprint.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self.parse(request)

        @blueprint.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return await self.health(request)

        blueprint.listener("after_server_start")(_settle)
        blueprint.listener("before_server_stop")(_leave)
        return blueprint

    async def health(self, request: Request) -> HTTPResponse:
        """200 when a message would be answered; 503 and the part that is missing otherwise."""
        agent: Agent = request.app.ctx.agent
        if not agent.is_ready():
            return _refusal(503, "not_ready")
        try:
            await agent.tracker_store.ping()
        except StoreUnavailable:
            return _refusal(503, "store")
        return response.json({"ok": True, "model": agent.model_name})

    async def parse(self, request: Request) -> HTTPResponse:
        """What a text means, without a conversation: staff ask in their own words too."""
        agent: Agent = request.app.ctx.agent
        if not self._may_enter(request):
            return _refusal(401, "unauthorised")
        if not agent.is_ready():
            return _refusal(503, "not_ready")
        text = request.json.get("text") if isinstance(request.json, dict) else None
        if not isinstance(text, str) or not text.strip():
            return _refusal(400, "bad_message", "text: must be a text that is not empty")
        return response.json(await agent.parse_message(text[:LONGEST_TEXT]))

    async def messages(self, request: Request) -> HTTPResponse | None:
        """Run one turn. 401 without the token, 400 for a bad body, 503 when it cannot be done."""
        agent: Agent = request.app.ctx.agent
        if not self._may_enter(request):
            return _refusal(401, "unauthorised")
        if not agent.is_ready():
            return _refusal(503, "not_ready")
        try:
            message = incoming.read(request.json, agent.domain)
        except (incoming.BadMessage, InvalidUsage) as error:
            return _refusal(400, "bad_message", str(error))
        this = turn.begin(message.message)
        task = asyncio.ensure_future(_run(agent, message, this))
        # The turn is finished and saved even when the gateway hangs up in the middle of it.
        self.turns.add(task)
        task.add_done_callback(self.turns.discard)
        return await _stream(request, this)

    def _may_enter(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode())


async def _run(agent: Agent, message: incoming.Incoming, this: turn.Turn) -> None:
    """Let Rasa handle the message; whatever happens, the turn ends with a line."""
    try:
        await agent.handle_message(message.user_message(TurnOutput(this)))
    except StoreUnavailable:
        turn.failed(turn.STORE)
        logger.error("The tracker store is not available: message %s failed.", message.message)
    except Exception:  # whatever went wrong, the gateway must hear of it and tell the customer
        turn.failed(turn.INTERNAL)
        # The message's id, never its text: logs hold no personal data.
        logger.exception("Message %s failed.", message.message)
    finally:
        if this.error is None and not this.spoken:
            turn.failed(turn.INTERNAL)
            logger.error("Message %s had no answer.", message.message)
        this.end()


async def _stream(request: Request, this: turn.Turn) -> HTTPResponse | None:
    line = await this.lines.get()
    if this.error == turn.STORE and not this.spoken:
        return _refusal(503, this.error)
    answer = await request.respond(content_type="application/x-ndjson")
    while line is not None:
        await answer.send(line)
        line = await this.lines.get()
    await answer.eof()
    return None


def _refusal(status: int, error: str, detail: str | None = None) -> HTTPResponse:
    return response.json({"error": error, "detail": detail}, status=status)


async def _settle(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    house.settle(app.ctx.agent)


async def _leave(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    await house.leave(app.ctx.agent)
