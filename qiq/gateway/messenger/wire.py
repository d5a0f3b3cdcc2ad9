"""Reading a webhook's body without trusting its length."""

from __future__ import annotations

from starlette.requests import Request

MAX_BYTES = 1_000_000


async def read_body(request: Request, limit: int = MAX_BYTES) -> bytes | None:
    """The body, or None when it is larger than ``limit`` bytes."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > limit:
            return None
    return bytes(found)
