"""The gateway's side of the one private channel to Rasa (docs/interfaces.md)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

LINE_BYTES = 512 * 1024
CONNECT_SECONDS = 3.0

Reason = Literal["down", "hung", "rubbish", "refused", "action_server", "internal"]


class RasaFailed(Exception):
    """Rasa did not finish the turn. ``reason`` is what staff are told."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason

    @property
    def worth_waiting(self) -> bool:
        """Whether the same message may well be answered later (a part is down)."""
        return self.reason in ("down", "hung", "action_server")


@dataclass(frozen=True)
class Reply:
    """One message of the bot, as it came: not yet stored, buttons not yet issued."""

    text: str
    buttons: tuple[tuple[str, Mapping[str, Any]], ...]
    custom: Mapping[str, Any] | None


class Rasa:
    """Asks for one turn; yields replies as each action ends."""

    def __init__(self, url: str, token: str, *, silence_seconds: float = 25.0) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.silence_seconds = silence_seconds
        timeout = httpx.Timeout(silence_seconds, connect=CONNECT_SECONDS)
        self.client = httpx.AsyncClient(
            base_url=self.url,
            timeout=timeout,
            headers={"Authorization": f"Bearer {token}"},
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=20),
            trust_env=False,
        )

    async def turn(self, body: Mapping[str, Any]) -> AsyncIterator[Reply]:
        """Replies of one turn. Raises ``RasaFailed`` unless Rasa said that all went well."""
        try:
            async with self.client.stream("POST", "/webhooks/gateway/messages", json=body) as got:
                if got.status_code != 200:
                    raise RasaFailed("refused" if got.status_code == 400 else "down")
                async for line in _lines(got, self.silence_seconds):
                    data = _decode(line)
                    if data.get("type") == "end":
                        _judge_end(data)
                        return
                    yield _reply(data)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout) as error:
            raise RasaFailed("hung") from error
        except httpx.HTTPError as error:
            raise RasaFailed("down") from error
        raise RasaFailed("down")  # the stream broke off before its end line

    async def healthy(self) -> bool:
        """Whether a message would be answered now."""
        try:
            got = await self.client.get("/webhooks/gateway/health", timeout=3.0)
        except httpx.HTTPError:
            return False
        return got.status_code == 200

    async def parse(self, text: str) -> httpx.Response:
        """Rasa's own understanding of a text (``POST /model/parse``). Raises ``RasaFailed``."""
        try:
            # Rasa's own API reads the token from the query alone.
            query = {"token": self.token}
            return await self.client.post("/model/parse", params=query, json={"text": text})
        except httpx.HTTPError as error:
            raise RasaFailed("down") from error

    async def understand(self, text: str) -> str:
        """The intent of a text that belongs to no talk. Raises ``RasaFailed``."""
        try:
            got = await self.client.post("/webhooks/gateway/parse", json={"text": text})
            return str(got.raise_for_status().json()["intent"]["name"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RasaFailed("down") from error

    async def close(self) -> None:
        await self.client.aclose()


async def _lines(response: httpx.Response, silence_seconds: float) -> AsyncIterator[bytes]:
    kept = b""
    chunks = response.aiter_bytes()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(chunks), silence_seconds)
        except StopAsyncIteration:
            return
        kept += chunk
        if len(kept) > LINE_BYTES:
            raise RasaFailed("rubbish")
        *whole, kept = kept.split(b"\n")
        for line in whole:
            if line.strip():
                yield line


def _decode(line: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise RasaFailed("rubbish") from error
    if not isinstance(data, dict) or data.get("type") not in ("message", "end"):
        raise RasaFailed("rubbish")
    return data


def _judge_end(data: Mapping[str, Any]) -> None:
    if data.get("ok") is not True:
        raise RasaFailed("action_server" if data.get("error") == "action_server" else "internal")


def _reply(data: Mapping[str, Any]) -> Reply:
    text, custom = data.get("text") or "", data.get("custom")
    offers = data.get("buttons") or []
    if not isinstance(text, str) or not isinstance(offers, list):
        raise RasaFailed("rubbish")
    if custom is not None and not isinstance(custom, dict):
        raise RasaFailed("rubbish")
    return Reply(text, tuple(_offer(one) for one in offers), custom or None)


def _offer(one: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(one, dict) or not isinstance(one.get("title"), str):
        raise RasaFailed("rubbish")
    press = one.get("press") or {}  # none: pressing it is the same as typing its title
    if not isinstance(press, dict):
        raise RasaFailed("rubbish")
    return one["title"], press
