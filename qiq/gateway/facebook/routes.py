"""The webhook: verified, stored, answered at once; the talk goes on afterwards."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from qiq.desk import StoreUnavailable
from qiq.gateway.facebook import parse, verify
from qiq.gateway.messenger.arrivals import Arrivals
from qiq.gateway.messenger.wire import read_body

PATH = "/webhooks/facebook"


def routes(arrivals: Arrivals, app_secret: str, verify_token: str) -> list[Route]:
    """GET for the set-up handshake, POST for events."""

    async def handshake(request: Request) -> Response:
        answer = verify.challenge(request.query_params, verify_token)
        return PlainTextResponse(answer) if answer else PlainTextResponse("no", 403)

    async def events(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not verify.signed(body, request.headers.get("X-Hub-Signature-256"), app_secret):
            return PlainTextResponse("bad signature", 403)
        try:
            batch = parse.parse(json.loads(body))
        except ValueError:
            return PlainTextResponse("not JSON", 400)
        try:
            await arrivals.take(batch)
        except StoreUnavailable:
            return PlainTextResponse("try again", 503)  # the platform sends it again
        return PlainTextResponse("EVENT_RECEIVED")

    return [Route(PATH, handshake, methods=["GET"]), Route(PATH, events, methods=["POST"])]
