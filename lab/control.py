"""The lab's switchboard: an HTTP API on loopback, behind a token."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Protocol

from lab.faults import FaultError
from lab.scenarios import Scenario, ScenarioError
from lab.web.asgi import Handler, Request, Response


class Switchable(Protocol):
    """What the switchboard needs of the lab."""

    broken: list[str]

    @property
    def scenarios(self) -> list[Scenario]: ...
    async def break_(self, name: str) -> None: ...
    async def heal(self, name: str | None = None) -> None: ...


def control_handler(lab: Switchable, token: str) -> Handler:
    """``GET /state``, ``GET /scenarios``, ``POST /break {"name"}``, ``POST /heal {"name"?}``."""

    async def state(_: Request) -> Response:
        return Response.json({"healthy": not lab.broken, "broken": lab.broken})

    async def scenarios(_: Request) -> Response:
        return Response.json({"scenarios": [_shown(s, lab.broken) for s in lab.scenarios]})

    async def break_(request: Request) -> Response:
        name = request.json().get("name")
        if not isinstance(name, str) or not name:
            raise ValueError('send {"name": "<scenario>"}')
        await lab.break_(name)
        return await state(request)

    async def heal(request: Request) -> Response:
        await lab.heal(request.json().get("name"))
        return await state(request)

    routes: dict[tuple[str, str], Callable[[Request], Awaitable[Response]]] = {
        ("GET", "/state"): state,
        ("GET", "/scenarios"): scenarios,
        ("POST", "/break"): break_,
        ("POST", "/heal"): heal,
    }

    async def handle(request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            return Response.json({"error": "the token of lab.json is needed"}, 401)
        route = routes.get((request.method, request.path))
        if route is None:
            return Response.json({"error": f"there is no {request.method} {request.path}"}, 404)
        try:
            return await route(request)
        except (ScenarioError, FaultError, ValueError) as error:
            return Response.json({"error": str(error)}, 400)

    return handle


def _shown(scenario: Scenario, broken: list[str]) -> dict[str, object]:
    return {
        "name": scenario.name,
        "area": scenario.area,
        "title": scenario.title,
        "description": scenario.description,
        "aliases": list(scenario.aliases),
        "demo": scenario.demo,
        "domain": scenario.complaint.domain,
        "active": scenario.name in broken,
    }
