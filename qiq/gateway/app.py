"""The two listeners: one for the internet, one for our own parts on loopback."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from qiq.desk import StoreUnavailable
from qiq.gateway import registry, workers
from qiq.gateway.channel import Channel
from qiq.gateway.guard import BODY_BYTES, Guard
from qiq.gateway.house import House

log = logging.getLogger(__name__)

UPLOAD_PATH = "/widget/files"
UPLOAD_EXTRA = 64 * 1024


def public_app(house: House, *, extra: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The app that faces people; its lifespan runs the workers."""
    made = registry.channels(house)
    routes: list[BaseRoute] = [
        Route("/health", _health),
        Route("/ready", _ready(house)),
        *extra,
    ]
    for channel in made:
        routes.extend(channel.routes())
    for pages in registry.ROUTES.values():
        routes.extend(pages(house))
    app = Starlette(
        routes=routes,
        lifespan=_lifespan(house, made),
        exception_handlers={
            StoreUnavailable: _store_unavailable(house),
            Exception: _our_failure(house),
        },
    )
    upload = house.settings.limits.upload_bytes + UPLOAD_EXTRA
    return Guard(app, lambda path: upload if path == UPLOAD_PATH else BODY_BYTES)


def internal_app(house: House) -> Starlette:
    """The app our own parts talk to; every route wants the shared token."""

    async def progress(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        wanted = f"Bearer {house.places.internal_token}"
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            return JSONResponse({"error": "unauthorised"}, status_code=401)
        try:
            body = await request.json()
            conversation, check = str(body["conversation"]), dict(body["check"])
        except (ValueError, KeyError, TypeError):
            text = "body: needs conversation (text) and check (object)"
            return JSONResponse({"error": text}, status_code=400)
        house.hub.pass_on(conversation, {"type": "progress", "check": check})
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/health", _health),
            Route("/internal/progress", progress, methods=["POST"]),
        ]
    )


def _lifespan(house: House, made: list[Channel]) -> Callable[[Any], Any]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = workers.start(house, made)
        for channel in made:
            await channel.start()
        try:
            yield
        finally:
            for channel in made:
                await channel.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await house.turns.close()
            await house.rasa.close()
            house.desk.dispose()

    return lifespan


async def _health(_: Request) -> Response:
    return JSONResponse({"ok": True})


def _ready(house: House) -> Callable[[Request], Any]:
    async def ready(_: Request) -> Response:
        parts = {"rasa": await house.rasa.healthy(), "store": True}
        try:
            await asyncio.to_thread(house.desk.newest_row)
        except StoreUnavailable:
            parts["store"] = False
        good = all(parts.values())
        return JSONResponse({"ok": good, "parts": parts}, status_code=200 if good else 503)

    return ready


def _store_unavailable(house: House) -> Callable[[Request, Exception], Any]:
    async def answer(_: Request, error: Exception) -> Response:
        log.error("store not available for a request (%s)", error)
        return _sorry(house, 503)

    return answer


def _our_failure(house: House) -> Callable[[Request, Exception], Any]:
    async def answer(_: Request, __: Exception) -> Response:
        return _sorry(house, 500)

    return answer


def _sorry(house: House, status: int) -> Response:
    text = house.say("system.unavailable", contact_email=house.settings.brand.contact_email)
    error = {"code": "unavailable", "text": text, "retry_after": 5}
    return JSONResponse({"error": error}, status_code=status, headers={"Retry-After": "5"})
