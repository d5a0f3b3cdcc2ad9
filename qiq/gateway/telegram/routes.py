"""The webhook; Telegram proves itself by the secret that was given to ``setWebhook``."""

from __future__ import annotations

import asyncio
import hmac
import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from qiq.desk import StoreUnavailable
from qiq.gateway.messenger.arrivals import Arrivals
from qiq.gateway.messenger.model import Kind
from qiq.gateway.messenger.wire import read_body
from qiq.gateway.telegram.parse import parse
from qiq.gateway.telegram.send import TelegramSender

PATH = "/webhooks/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def routes(arrivals: Arrivals, sender: TelegramSender, secret: str) -> list[Route]:
    """POST for updates."""
    background: set[asyncio.Task[None]] = set()

    async def updates(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("bad secret", 403)
        body = await read_body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            batch = parse(json.loads(body))
            await arrivals.take(batch)
        except StoreUnavailable:
            return PlainTextResponse("try again", 503)  # the platform sends it again
        except ValueError:
            return PlainTextResponse("not JSON", 400)
        for message in batch:
            if message.kind is Kind.PRESS and message.media:
                task = asyncio.create_task(sender.answer_press(message.media))
                background.add(task)
                task.add_done_callback(background.discard)
        return PlainTextResponse("ok")

    return [Route(PATH, updates, methods=["POST"])]
