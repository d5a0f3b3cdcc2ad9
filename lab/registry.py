"""A pretend registry (RDAP, RFC 9083) and a status page feed (Statuspage's JSON)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.web.asgi import Handler, Request, Response
from lab.world import World


def registry_handler(world: Callable[[], World]) -> Handler:
    """``/rdap/domain/NAME`` and ``/status/api/v2/summary.json``."""

    async def handle(request: Request) -> Response:
        path = request.path
        if path.startswith("/rdap/domain/"):
            return rdap(world(), path.removeprefix("/rdap/domain/").lower().rstrip("."))
        if path == "/status/api/v2/summary.json":
            return Response.json(world().feed)
        return Response.json({"errorCode": 404, "title": "Not found"}, 404)

    return handle


def rdap(world: World, name: str) -> Response:
    state = world.registrations.get(name)
    if state is None:
        answer = Response.json({"errorCode": 404, "title": "Not found"}, 404)
    elif state.get("mode") == "broken":
        answer = Response(500, "registry is down for maintenance", "text/plain")
    else:
        answer = Response.json(_domain(name, state))
        answer.content_type = "application/rdap+json"
    return answer


def _domain(name: str, state: dict[str, Any]) -> dict[str, Any]:
    events = [
        {"eventAction": "registration", "eventDate": "2015-03-01T10:00:00Z"},
        {"eventAction": "expiration", "eventDate": state["expires"]},
    ]
    servers = [{"objectClassName": "nameserver", "ldhName": n} for n in state["nameservers"]]
    return {
        "objectClassName": "domain",
        "rdapConformance": ["rdap_level_0"],
        "ldhName": name,
        "status": state["status"],
        "events": events,
        "nameservers": servers,
        "secureDNS": {"delegationSigned": False},
    }
