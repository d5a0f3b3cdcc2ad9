"""One way to talk HTTP to a ticket system, with errors said once."""

from __future__ import annotations

from typing import Any

import httpx

from qiq.gateway.tickets.model import TicketError

SECONDS = 15.0
FINAL = frozenset({400, 401, 403, 404, 405, 410, 422})
"""Answers that a repetition cannot change."""


def client(**options: Any) -> httpx.AsyncClient:
    """A client without proxies from the environment and without redirects."""
    return httpx.AsyncClient(timeout=SECONDS, trust_env=False, **options)


async def send(http: httpx.AsyncClient, method: str, url: str, **options: Any) -> httpx.Response:
    """One request. Raises ``TicketError``; the answer's text is not repeated (may hold data)."""
    try:
        got = await http.request(method, url, **options)
    except httpx.HTTPError as error:
        raise TicketError(type(error).__name__) from error
    if got.status_code >= 300:
        raise TicketError(f"HTTP {got.status_code}", final=got.status_code in FINAL)
    return got


def json_of(got: httpx.Response) -> Any:
    """The answer as JSON. Raises ``TicketError`` when it is something else."""
    try:
        return got.json()
    except ValueError as error:
        raise TicketError("the answer is not JSON") from error
