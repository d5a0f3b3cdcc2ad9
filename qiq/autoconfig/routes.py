"""The addresses mail programs ask, as Starlette routes for the gateway."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qiq.autoconfig import apple, autodiscover, mozilla
from qiq.autoconfig.address import BadAddress, parse_address, parse_domain
from qiq.settings import Settings

Hosted = Callable[[str], Awaitable[bool]]
"""Whether a domain (A-labels) has its mail here."""

XML = "text/xml; charset=utf-8"
PREFIXES = ("autoconfig.", "autodiscover.")


def routes(settings: Settings, hosted: Hosted, signer: apple.Signer | None = None) -> list[Route]:
    """Routes that need no login and answer alike for every address of a hosted domain."""
    service = _Service(settings, hosted, signer)
    return [
        Route("/mail/config-v1.1.xml", service.mozilla),
        Route("/.well-known/autoconfig/mail/config-v1.1.xml", service.mozilla),
        Route("/autodiscover/autodiscover.xml", service.pox, methods=["POST"]),
        Route("/Autodiscover/Autodiscover.xml", service.pox, methods=["POST"]),
        Route("/autodiscover/autodiscover.json/v1.0/{address}", service.json),
        Route("/autodiscover/autodiscover.json", service.json),
        Route("/profile/{address}.mobileconfig", service.profile),
    ]


class _Service:
    def __init__(self, settings: Settings, hosted: Hosted, signer: apple.Signer | None) -> None:
        self.settings, self.hosted, self.signer = settings, hosted, signer

    async def mozilla(self, request: Request) -> Response:
        given = request.query_params.get("emailaddress")
        try:
            domain = parse_address(given).domain if given else _domain_of_host(request)
        except BadAddress as error:
            return Response(str(error), 400, media_type="text/plain")
        if not await self.hosted(domain):
            return Response("not hosted here", 404, media_type="text/plain")
        return Response(mozilla.config(domain, self.settings), media_type=XML)

    async def pox(self, request: Request) -> Response:
        try:
            address = autodiscover.read_request(await _body(request))
            if not await self.hosted(address.domain):
                raise autodiscover.Refused(601, "Provider is not available")
        except autodiscover.Refused as refused:
            return Response(autodiscover.refusal(refused), media_type=XML)
        return Response(autodiscover.answer(address, self.settings), media_type=XML)

    async def json(self, request: Request) -> Response:
        base = self.settings.channels.public_url or f"https://{request.url.netloc}"
        protocol = request.query_params.get("Protocol", "")
        status, body = autodiscover.answer_json(protocol, self.settings, base)
        return JSONResponse(body, status)

    async def profile(self, request: Request) -> Response:
        try:
            address = parse_address(request.path_params["address"])
        except BadAddress as error:
            return Response(str(error), 400, media_type="text/plain")
        if not await self.hosted(address.domain):
            return Response("not hosted here", 404, media_type="text/plain")
        body = apple.profile(address, self.settings, self.signer)
        headers = {"Content-Disposition": f'attachment; filename="{address.domain}.mobileconfig"'}
        return Response(body, media_type=apple.MIME, headers=headers)


async def _body(request: Request) -> bytes:
    found = b""
    async for part in request.stream():
        found += part
        if len(found) > autodiscover.MAX_BYTES:
            break
    return found


def _domain_of_host(request: Request) -> str:
    host = request.url.hostname or ""
    for prefix in PREFIXES:
        host = host.removeprefix(prefix)
    return parse_domain(host)
