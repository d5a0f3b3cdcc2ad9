"""The public status page, and the same as JSON."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from qiq.desk import Incident
from qiq.gateway.house import House
from qiq.gateway.words import Say

PAGES = Path(__file__).parent / "pages"
HEADERS = {"Cache-Control": "public, max-age=15"}


def routes(house: House) -> Sequence[BaseRoute]:
    """``/status`` for people, ``/status.json`` for programs."""
    templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True)

    def spoken(moment: str) -> str:
        return f"{datetime.fromisoformat(moment):%d %B %Y, %H:%M}"

    templates.filters["spoken"] = spoken

    async def page(_: Request) -> Response:
        html = templates.get_template("status.html").render(
            brand=house.settings.brand, say=house.say, **await _incidents(house)
        )
        return HTMLResponse(html, headers=HEADERS)

    async def data(_: Request) -> Response:
        return JSONResponse(await _incidents(house), headers=HEADERS)

    return [Route("/status", page), Route("/status.json", data)]


async def _incidents(house: House) -> dict[str, list[dict[str, Any]]]:
    zone = ZoneInfo(house.settings.hours.timezone)
    now = await asyncio.to_thread(house.desk.open_incidents)
    past = await asyncio.to_thread(house.desk.recent_incidents)
    return {
        "now": [_shown(one, zone, house.say) for one in now],
        "past": [_shown(one, zone, house.say) for one in past],
    }


def title(incident: Incident, say: Say) -> str:
    """What staff called it; for one the bot opened, the words for its kind of cause."""
    if incident.title != incident.cause:
        return incident.title
    parts = incident.cause.split(".")
    for length in range(len(parts), -1, -1):
        with contextlib.suppress(KeyError):
            return str(say(".".join(["status.fault", *parts[:length]]), server=incident.server))
    return incident.title


def _shown(incident: Incident, zone: ZoneInfo, say: Say) -> dict[str, Any]:
    """What anyone may see: no customer, no domain, no evidence."""

    def local(moment: Any) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="minutes") if moment else None

    return {
        "id": incident.id,
        "cause": incident.cause,
        "server": incident.server,
        "title": title(incident, say),
        "customers": incident.count,
        "since": local(incident.opened_at),
        "until": local(incident.closed_at),
        "updates": [{"at": local(line.at), "text": line.text} for line in incident.updates],
    }
