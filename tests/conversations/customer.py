"""A customer at the widget, over plain HTTP: each message has an id and is sent until taken."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.conversations.player import Stack

BACK_SECONDS = 180.0
Event = dict[str, Any]


@dataclass
class Customer:
    """One conversation. ``refused`` are the sentences heard while a message could not be taken."""

    stack: Stack
    refused: list[str] = field(default_factory=list)
    _token: str = ""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def opens(self) -> Customer:
        self._token = self._session()["token"]
        return self

    def writes(self, text: str) -> str:
        """Sends as the widget does: again, with the same id, until it is acknowledged."""
        frame = {"type": "message", "id": f"w{next(self._numbers)}", "text": text}
        while not self.sends(frame):
            time.sleep(0.5)
        return str(frame["id"])

    def sends(self, frame: Event) -> bool:
        """One try. False when the customer was told to wait, in a sentence."""
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"{self.stack.url}/widget/messages"
        try:
            answer = self.stack.client.post(url, json=frame, headers=headers).json()
        except httpx.TransportError:  # nobody there: the widget says so itself, and tries again
            return False
        if answer.get("type") == "ack":
            return True
        self.refused.append(str(answer.get("text") or answer["error"]["text"]))
        return False

    def heard(self) -> list[Event]:
        """Everything said so far by anybody, oldest first."""
        return [e for e in self._session()["history"] if e["type"] == "message"]

    def waits_for(self, message: str, kind: str = "") -> list[Event]:
        """What the bot itself said to this message, once a reply with this kind of payload is
        there (any reply when no kind is named)."""
        until = time.monotonic() + BACK_SECONDS
        while time.monotonic() < until:
            events = self._try_heard()
            place = next((n for n, e in enumerate(events) if e["id"] == message), len(events))
            answers = [e for e in events[place:] if e["author"] == "bot"]
            if any(not kind or payload_of(e).get("type") == kind for e in answers):
                return answers
            time.sleep(0.3)
        raise AssertionError(f"never answered: {self._try_heard()}")

    def _try_heard(self) -> list[Event]:
        try:
            return self.heard()
        except httpx.HTTPError:
            return []

    def _session(self) -> dict[str, Any]:
        body = {"token": self._token or None, "customer": None, "page": None}
        got = self.stack.client.post(f"{self.stack.url}/widget/session", json=body)
        got.raise_for_status()
        return dict(got.json())


def payload_of(event: Event) -> dict[str, Any]:
    return event.get("custom") or {}
