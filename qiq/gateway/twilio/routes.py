"""The webhook; Twilio signs the public address and the form with the account's token."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from qiq.desk import StoreUnavailable
from qiq.gateway.messenger.arrivals import Arrivals
from qiq.gateway.messenger.wire import read_body
from qiq.gateway.twilio.parse import parse

PATH = "/webhooks/twilio"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def routes(arrivals: Arrivals, auth_token: str, public_url: str) -> list[Route]:
    """POST for messages. ``public_url`` is what Twilio was told to call, and what it signs."""
    validator = RequestValidator(auth_token)

    async def messages(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            form = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200))
        except ValueError:
            return PlainTextResponse("not a form", 400)
        query = f"?{request.url.query}" if request.url.query else ""
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(f"{public_url}{PATH}{query}", form, signature):
            return PlainTextResponse("bad signature", 403)
        try:
            await arrivals.take(parse(form))
        except StoreUnavailable:
            return PlainTextResponse("try again", 503)
        return Response(EMPTY, media_type="text/xml")

    return [Route(PATH, messages, methods=["POST"])]
