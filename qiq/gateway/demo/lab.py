"""Passes the panel's clicks to the lab's control, from this machine only."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qiq.gateway.house import House

LAB_SECONDS = 10.0
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


class LabPanel:
    """The lab's token stays here; the page never sees it."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    def of(cls, house: House) -> LabPanel | None:
        """None without an embedded lab."""
        places = house.places
        return cls(places.lab_url, places.lab_token or "") if places.lab_url else None

    async def state(self, request: Request) -> Response:
        """Which faults are on."""
        if not _from_here(request):
            return _not_from_here()
        return await self._ask("GET", "/state")

    async def scenarios(self, request: Request) -> Response:
        """Every fault there is, with its title."""
        if not _from_here(request):
            return _not_from_here()
        return await self._ask("GET", "/scenarios")

    async def switch(self, request: Request) -> Response:
        """Breaks (``{"name"}``) or heals (``{"name"}`` or everything)."""
        if not _from_here(request) or not _same_page(request):
            return _not_from_here()
        action = request.url.path.rpartition("/")[2]
        try:
            body = await request.json()
        except ValueError:
            body = {}
        name = body.get("name") if isinstance(body, dict) else None
        return await self._ask("POST", f"/{action}", {"name": name} if name else {})

    async def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Response:
        try:
            async with httpx.AsyncClient(timeout=LAB_SECONDS, trust_env=False) as client:
                got = await client.request(method, self.url + path, json=body, headers=self.headers)
                return JSONResponse(got.json(), status_code=got.status_code)
        except (httpx.HTTPError, ValueError):
            return JSONResponse({"error": "The lab does not answer."}, status_code=502)


def _from_here(request: Request) -> bool:
    # A request a proxy passed on looks local too, so any trace of one is refused.
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _same_page(request: Request) -> bool:
    """Another website in the same browser must not be able to break the lab."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _not_from_here() -> Response:
    text = "The lab's switches work from this machine only."
    return JSONResponse({"error": text}, status_code=403)
