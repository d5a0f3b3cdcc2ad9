"""The way to the action server: one session kept open, and an end to waiting."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

ANSWER_LIMIT = 2_000_000
PROBE_SECONDS = 1.5


class ActionServerHung(aiohttp.ClientError):
    """Neither the action nor the server's health page answered."""


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint with one client session instead of one for each call.

    An action may take its time (a battery of checks takes up to 8 s); a server that hangs may not.
    So after `patience` seconds the server's `/health` is asked: without an answer the call is given
    up at once, otherwise at `timeout` seconds.
    """

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def like(cls, other: EndpointConfig) -> ActionEndpoint:
        """The same endpoint, kept open."""
        return cls(url=other.url, headers=other.headers, token=other.token, **other.kwargs)

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """Call an action; raises aiohttp.ClientError, asyncio.TimeoutError or ValueError."""
        call = asyncio.ensure_future(self._call(method, kwargs.get("json")))
        try:
            await asyncio.wait([call], timeout=float(self.kwargs.get("patience", 5)))
            if not call.done() and not await self._alive():
                raise ActionServerHung(f"no answer from {self.url}, nor from its /health")
            rest = float(self.kwargs.get("timeout", 9)) - float(self.kwargs.get("patience", 5))
            return await asyncio.wait_for(call, timeout=rest)
        finally:
            call.cancel()

    async def _call(self, method: str, body: Any) -> Any:
        async with self._kept().request(method, self.url, json=body, headers=self.headers) as got:
            content = await _bounded(got)
            if got.status >= 400:
                raise ClientResponseError(got.status, got.reason or "", content.decode("utf-8"))
            return json.loads(content)

    async def _alive(self) -> bool:
        limit = aiohttp.ClientTimeout(total=PROBE_SECONDS)
        try:
            async with self._kept().get(urljoin(self.url, "health"), timeout=limit) as got:
                return got.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    def _kept(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Close the session, if there is one."""
        if self._session is not None:
            await self._session.close()


async def _bounded(got: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in got.content.iter_any():
        content += chunk
        if len(content) > ANSWER_LIMIT:
            raise aiohttp.ClientPayloadError(f"answer longer than {ANSWER_LIMIT} bytes")
    return bytes(content)
