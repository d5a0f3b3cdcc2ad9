"""Zammad's REST API with a token: tickets, articles, search."""

from __future__ import annotations

from typing import Any

from qiq.gateway.tickets.http import client, json_of, send
from qiq.gateway.tickets.model import Event, TicketError


class Zammad:
    """``group`` is where new tickets land; the customer is the address, when there is one."""

    name = "zammad"

    def __init__(self, url: str, token: str, group: str, email: str) -> None:
        self.url = url.rstrip("/") + "/api/v1"
        self.group = group
        self.email = email
        self.http = client(headers={"Authorization": f"Token token={token}"})

    async def open(self, event: Event) -> str:
        body = {
            "title": f"[{event.case}] {event.subject}",
            "group": self.group,
            "customer_id": f"guess:{event.email or self.email}",
            "article": self._article(event),
        }
        answer = json_of(await send(self.http, "POST", f"{self.url}/tickets", json=body))
        if not isinstance(answer, dict) or "id" not in answer:
            raise TicketError("tickets: an answer without id")
        return str(answer["id"])

    async def reply(self, ticket: str, event: Event) -> None:
        body = {"ticket_id": int(ticket), **self._article(event)}
        await send(self.http, "POST", f"{self.url}/ticket_articles", json=body)

    async def find(self, event: Event) -> str | None:
        query = {"query": f'title:"[{event.case}]"', "limit": "5", "expand": "true"}
        answer = json_of(await send(self.http, "GET", f"{self.url}/tickets/search", params=query))
        tickets = answer if isinstance(answer, list) else []
        found = [one for one in tickets if f"[{event.case}]" in str(one.get("title", ""))]
        return str(found[0]["id"]) if found else None

    async def has_reply(self, ticket: str, event: Event) -> bool:
        url = f"{self.url}/ticket_articles/by_ticket/{ticket}"
        answer = json_of(await send(self.http, "GET", url))
        return any(event.mark in str(one.get("body", "")) for one in answer)

    async def close(self) -> None:
        await self.http.aclose()

    def _article(self, event: Event) -> dict[str, Any]:
        return {
            "subject": event.subject,
            "body": event.marked,
            "type": "note",
            "internal": False,
            "content_type": "text/plain",
        }
