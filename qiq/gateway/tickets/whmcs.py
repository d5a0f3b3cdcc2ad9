"""WHMCS: its API by identifier and secret (OpenTicket, AddTicketReply, GetTickets, GetTicket).

Answers are JSON with ``result: success|error``; an error comes with HTTP 200 or 403.
"""

from __future__ import annotations

from typing import Any

from qiq.gateway.tickets.http import client, json_of, send
from qiq.gateway.tickets.model import Event, TicketError

FINAL_WORDS = ("authentication", "invalid ip", "permission", "department", "not found")


class Whmcs:
    """``url`` is the WHMCS address; ``/includes/api.php`` is added."""

    name = "whmcs"

    def __init__(
        self, url: str, identifier: str, secret: str, department: int, brand: str, email: str
    ) -> None:
        self.url = url.rstrip("/") + "/includes/api.php"
        self.keys = {"identifier": identifier, "secret": secret, "responsetype": "json"}
        self.department = department
        self.brand = brand
        self.email = email
        self.http = client()

    async def open(self, event: Event) -> str:
        answer = await self._call(
            "OpenTicket",
            deptid=str(self.department),
            subject=self._subject(event),
            message=event.marked,
            name=f"{self.brand} chat",
            email=event.email or self.email,
            priority="High" if event.kind == "host_fault" else "Medium",
        )
        return str(answer["id"])

    async def reply(self, ticket: str, event: Event) -> None:
        await self._call(
            "AddTicketReply",
            ticketid=ticket,
            message=event.marked,
            name=f"{self.brand} chat",
            email=event.email or self.email,
        )

    async def find(self, event: Event) -> str | None:
        answer = await self._call("GetTickets", subject=self._subject(event), limitnum="5")
        listed = answer.get("tickets") or {}
        tickets = listed.get("ticket", []) if isinstance(listed, dict) else []
        wanted = f"[{event.case}]"
        found = [one for one in tickets if wanted in str(one.get("subject", ""))]
        return str(found[0].get("id") or found[0].get("ticketid")) if found else None

    async def has_reply(self, ticket: str, event: Event) -> bool:
        answer = await self._call("GetTicket", ticketid=ticket)
        return event.mark in str(answer.get("replies", ""))

    async def close(self) -> None:
        await self.http.aclose()

    def _subject(self, event: Event) -> str:
        return f"[{event.case}] {event.subject}"

    async def _call(self, action: str, **fields: str) -> dict[str, Any]:
        data = {**self.keys, "action": action, **fields}
        answer = json_of(await send(self.http, "POST", self.url, data=data))
        if not isinstance(answer, dict) or answer.get("result") != "success":
            message = str(answer.get("message", "")) if isinstance(answer, dict) else ""
            final = any(word in message.lower() for word in FINAL_WORDS)
            raise TicketError(f"{action}: {message[:120] or 'no result'}", final=final)
        return answer
