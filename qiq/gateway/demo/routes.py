"""The demo page ``/`` and its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from qiq.gateway.demo.lab import LabPanel
from qiq.gateway.house import House

PAGES = Path(__file__).parent / "pages"
FILES = {"site.css": "text/css", "lab.js": "text/javascript", "icon.svg": "image/svg+xml"}


def routes(house: House) -> Sequence[BaseRoute]:
    """``/`` with the widget; the lab panel only with an embedded lab."""
    templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True)
    panel = LabPanel.of(house)

    async def page(_: Request) -> Response:
        html = templates.get_template("index.html").render(
            brand=house.settings.brand, lab=panel is not None
        )
        return HTMLResponse(html)

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FILES:
            return Response(status_code=404)
        return FileResponse(PAGES / name, media_type=FILES[name])

    made: list[BaseRoute] = [Route("/", page), Route("/demo/{name}", file)]
    if panel is not None:
        made[:0] = [
            Route("/demo/lab/state", panel.state),
            Route("/demo/lab/scenarios", panel.scenarios),
            Route("/demo/lab/break", panel.switch, methods=["POST"]),
            Route("/demo/lab/heal", panel.switch, methods=["POST"]),
        ]
    return made
