"""The little of ASGI the lab needs, served by uvicorn's HTTP protocol on its own listeners."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_MAX_BODY = 256 * 1024


@dataclass
class Request:
    method: str
    path: str
    host: str
    headers: dict[str, str]
    secure: bool
    address: str
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; ValueError when it is none."""
        value = json.loads(self.body or b"{}")
        if not isinstance(value, dict):
            raise ValueError("the body must be a JSON object")
        return value


@dataclass
class Response:
    """``flow``, when there is one, follows ``body`` piece by piece for as long as it likes."""

    status: int = 200
    body: bytes | str = b""
    content_type: str = "text/html; charset=utf-8"
    headers: list[tuple[str, str]] = field(default_factory=list)
    flow: AsyncIterator[bytes] | None = None
    seconds: float = 0.0

    @classmethod
    def json(cls, value: object, status: int = 200) -> Response:
        return cls(status, json.dumps(value), "application/json")


Handler = Callable[[Request], Awaitable[Response]]


def http_factory(handler: Handler) -> Callable[[], asyncio.Protocol]:
    """A factory of HTTP/1.1 server connections that answer by ``handler``."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # the lab closes: nobody is waiting
            request = await _request(scope, receive)
            response = await handler(request)
            if response.seconds:
                await asyncio.sleep(response.seconds)
            await _respond(response, request, send)

    config = Config(
        app, log_config=None, access_log=False, lifespan="off", interface="asgi3", ws="none",
        server_header=False, date_header=True, timeout_keep_alive=20,
    )  # fmt: skip
    config.load()
    state = ServerState()
    return lambda: H11Protocol(config, state, {})


async def _request(scope: dict[str, Any], receive: Any) -> Request:
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
    body = b""
    while scope["method"] in ("POST", "PUT"):
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body") or len(body) > _MAX_BODY:
            break
    return Request(
        method=scope["method"],
        path=scope["path"] or "/",
        host=headers.get("host", "").rsplit(":", 1)[0].lower(),
        headers=headers,
        secure=scope["scheme"] == "https",
        address=(scope.get("server") or ("", 0))[0],
        body=body,
    )


async def _respond(response: Response, request: Request, send: Any) -> None:
    body = response.body.encode() if isinstance(response.body, str) else response.body
    headers = [("content-type", response.content_type), *response.headers]
    if response.flow is None:
        headers.append(("content-length", str(len(body))))
    raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    head = request.method == "HEAD"
    flowing = response.flow is not None and not head
    first = {"type": "http.response.body", "body": b"" if head else body, "more_body": flowing}
    await send(first)
    if response.flow is None or head:
        return
    async for chunk in response.flow:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
