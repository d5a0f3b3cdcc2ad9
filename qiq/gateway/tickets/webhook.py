"""A signed generic webhook: for whatever has no adapter of its own.

``POST`` of JSON with ``X-QiQ-Timestamp``, ``X-QiQ-Signature: v1=<hex HMAC-SHA256 of
"<timestamp>.<body>">`` and ``Idempotency-Key``: the same event again has the same key, so the
receiver can tell a repetition. It may answer ``{"id": …}``; else the case number is the id.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from qiq.gateway.tickets.http import client, send
from qiq.gateway.tickets.model import Event


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``X-QiQ-Signature``."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


class Webhook:
    """Repetitions are told apart by the receiver, so nothing has to be looked up."""

    name = "webhook"

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret
        self.http = client()

    async def open(self, event: Event) -> str:
        answer = await self._post("case.opened", None, event)
        found = answer.get("id") if isinstance(answer, dict) else None
        return str(found) if isinstance(found, str | int) else event.case

    async def reply(self, ticket: str, event: Event) -> None:
        await self._post("case.updated", ticket, event)

    async def find(self, event: Event) -> str | None:
        return None

    async def has_reply(self, ticket: str, event: Event) -> bool:
        return False

    async def close(self) -> None:
        await self.http.aclose()

    async def _post(self, kind: str, ticket: str | None, event: Event) -> Any:
        body = json.dumps(
            {
                "type": kind,
                "event": event.kind,
                "case": event.case,
                "ticket": ticket,
                "subject": event.subject,
                "text": event.text,
                "email": event.email,
            }
        ).encode()
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-QiQ-Timestamp": timestamp,
            "X-QiQ-Signature": sign(self.secret, timestamp, body),
            "Idempotency-Key": event.mark,
        }
        got = await send(self.http, "POST", self.url, content=body, headers=headers)
        try:
            return got.json()
        except ValueError:
            return None
