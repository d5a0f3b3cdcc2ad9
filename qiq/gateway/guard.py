"""Around every public request: a bounded body and headers that keep a page to itself."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 128 * 1024
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


class _TooLarge(Exception):
    pass


class Guard:
    """ASGI middleware. ``limit_for(path)`` is the most bytes a body may have."""

    def __init__(self, app: ASGIApp, limit_for: Callable[[str], int]) -> None:
        self.app = app
        self.limit_for = limit_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit_for(scope["path"])
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > limit:
            await _refuse(limit)(scope, receive, send)
            return
        began = False
        bounded = _Bounded(receive, limit)

        async def with_headers(message: Message) -> None:
            nonlocal began
            if bounded.over and not began:
                return  # the app's own "something failed"; the true reason follows below
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", CSP)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("X-Frame-Options", "DENY")
            await send(message)

        try:
            await self.app(scope, bounded, with_headers)
        except _TooLarge:
            if not began:
                await _refuse(limit)(scope, receive, send)


class _Bounded:
    """``receive`` that stops at ``limit`` bytes, for bodies sent in chunks without a length."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive = receive
        self.left = limit

    @property
    def over(self) -> bool:
        return self.left < 0

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.over:
            raise _TooLarge
        return message


def _refuse(limit: int) -> JSONResponse:
    text = f"The request is larger than the {limit} bytes allowed here."
    return JSONResponse({"error": {"code": "too_large", "text": text}}, status_code=413)
