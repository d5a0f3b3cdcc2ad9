"""Ask a part's health page over plain HTTP, with the standard library's streams."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit


async def status(url: str, seconds: float) -> int | None:
    """The HTTP status of `GET url`, or None when nothing sensible answered in time."""
    target = urlsplit(url)
    try:
        async with asyncio.timeout(seconds):
            return await _get(target.hostname or "", target.port or 80, target.path or "/")
    except (OSError, ValueError, IndexError, TimeoutError):
        return None


async def _get(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode("ascii"))
        await writer.drain()
        first = await reader.readline()
        return int(first.split()[1])
    finally:
        writer.close()
