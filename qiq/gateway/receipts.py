"""Receipts: a link with every diagnosis, and the page and PDF behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from qiq.gateway.house import House
from qiq.gateway.receipt_link import PATH
from qiq.receipts import Receipt, build, html

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'",
}


def routes(house: House) -> Sequence[BaseRoute]:
    """The page, the PDF and the stylesheet they need."""
    service = _Service(house)
    return [
        Route(f"{PATH}/receipt.css", service.css),
        Route(f"{PATH}/{{token}}.pdf", service.pdf),
        Route(f"{PATH}/{{token}}", service.page),
    ]


class _Service:
    def __init__(self, house: House) -> None:
        self.house = house

    async def page(self, request: Request) -> Response:
        token = request.path_params["token"]
        receipt = await self._receipt(token)
        if receipt is None:
            return self._gone()
        return Response(html.render(receipt, token), media_type="text/html", headers=HEADERS)

    async def pdf(self, request: Request) -> Response:
        receipt = await self._receipt(request.path_params["token"])
        if receipt is None:
            return self._gone()
        body = await asyncio.to_thread(_as_pdf, receipt)
        return Response(body, media_type="application/pdf", headers=HEADERS)

    async def css(self, request: Request) -> Response:
        return Response(html.stylesheet(), media_type="text/css")

    async def _receipt(self, token: str) -> Receipt | None:
        found = await asyncio.to_thread(self.house.desk.receipt, token)
        if found is None:
            return None
        brand = self.house.settings.brand.name
        return build(
            found.payload,
            self.house.settings,
            self.house.say,
            tested=found.tested_at,
            expires=found.expires_at,
            place=self.house.say("receipt.place", brand=brand),
        )

    def _gone(self) -> Response:
        return PlainTextResponse(self.house.say("receipt.gone"), 404, headers=HEADERS)


def _as_pdf(receipt: Receipt) -> bytes:
    from qiq.receipts import pdf  # half a second of imports, for the few who ask for one

    return pdf.render(receipt)
