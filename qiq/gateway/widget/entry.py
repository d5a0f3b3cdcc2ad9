"""Who may come in: allowed origins, and sessions that were issued here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from qiq.desk import Conversation
from qiq.desk.types import new_id
from qiq.gateway.events import as_event
from qiq.gateway.house import House
from qiq.gateway.sessions import BadSession
from qiq.gateway.verify.token import BadToken, Customer
from qiq.gateway.visitor_ip import visitor_ip
from qiq.knowledge.countries import of_languages

HISTORY = 1000
"""So many of the last events come with a session; the widget draws the end and keeps the rest."""
PAGE_CHARS = 2000

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """``status`` is the HTTP answer; a WebSocket closes with 4000 + 401 or 403."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class TooMany(Exception):
    """Too many talks were begun from one address; ``text`` says so, ``wait`` is in seconds."""

    def __init__(self, text: str, wait: float) -> None:
        super().__init__(text)
        self.text = text
        self.wait = wait


class Entry:
    """Sessions of the widget."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.origins = frozenset(house.settings.channels.widget.origins)

    def check_origin(self, connection: HTTPConnection) -> str | None:
        """The allowed origin of a browser's request; None when it names none.

        Raises ``Refused(403)``. The gateway's own pages are always allowed.
        """
        origin = connection.headers.get("origin")
        if origin is None or origin in self.origins:
            return origin
        host = connection.headers.get("host", "")
        if urlsplit(origin).netloc == host and host:
            return origin
        public = self.house.settings.channels.public_url
        if public and origin == public:
            return origin
        raise Refused(403, "origin")

    def ip(self, connection: HTTPConnection) -> str | None:
        """The visitor's own address."""
        return visitor_ip(connection, self.house.settings.channels.trusted_proxies)

    async def enter(self, token: str) -> Conversation:
        """The conversation a session token opens. Raises ``Refused(401)``."""
        try:
            session = self.house.sessions.open(token)
        except BadSession as error:
            raise Refused(401, "session") from error
        found = await asyncio.to_thread(self.house.desk.conversation, session.conversation_id)
        if found is None:  # deleted since
            raise Refused(401, "session")
        return found

    async def bearer(self, request: Request) -> Conversation:
        """The conversation of a request's ``Authorization: Bearer``."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Refused(401, "session")
        return await self.enter(token)

    def browsers(self, handler: Handler) -> Handler:
        """``handler`` for browsers on allowed websites: preflight, and every answer readable.

        ``handler`` may raise ``Refused``.
        """

        async def endpoint(request: Request) -> Response:
            try:
                self.check_origin(request)
            except Refused as error:
                return self._refuse(error)
            if request.method == "OPTIONS":
                return self._readable(request, Response(status_code=204))
            try:
                response = await handler(request)
            except Refused as error:
                response = self._refuse(error)
            return self._readable(request, response)

        return endpoint

    def _readable(self, request: Request, response: Response) -> Response:
        """Adds what a browser on an allowed website needs to read the answer."""
        origin = self.check_origin(request)
        if origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Max-Age"] = "600"
            response.headers["Vary"] = "Origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _refuse(self, error: Refused) -> Response:
        body = {"error": {"code": error.code, "text": self.house.say("system.bad_frame")}}
        return JSONResponse(body, status_code=error.status)

    async def session(self, request: Request) -> Response:
        """``POST /widget/session``: the old conversation for a valid token, else a new one."""
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "bad_body")
        customer = await self._customer(body.get("customer"))
        conversation = await self.returning(body.get("token"))
        if conversation and customer and _had_with_another(conversation, customer):
            conversation = None  # one computer, two customers: nobody reads the other's talk
        try:
            conversation = conversation or await self.newcomer(self.ip(request))
        except TooMany as error:
            return self._too_many(error)
        await self.note_languages(conversation, request)
        await self._note_page(conversation, body.get("page"))
        if customer:
            await self._vouched(conversation, customer)
        return JSONResponse(await self._welcome(conversation))

    async def newcomer(self, ip: str | None) -> Conversation:
        """A new conversation. Raises ``TooMany``."""
        if wait := await self.house.session_limit.take(ip or "unknown"):
            text = self.house.say(
                "system.too_many_sessions",
                minutes=str(int(wait // 60) + 1),
                contact_email=self.house.settings.brand.contact_email,
            )
            raise TooMany(text, wait)
        desk = self.house.desk
        return await asyncio.to_thread(desk.open_conversation, "widget", new_id("w"))

    async def returning(self, token: Any) -> Conversation | None:
        """The conversation of a token that still holds, else None."""
        if not isinstance(token, str) or not token:
            return None
        try:
            return await self.enter(token)
        except Refused:
            return None

    async def _country(self, conversation: Conversation, country: str) -> None:
        if country:
            await asyncio.to_thread(self.house.desk.set_country, conversation.id, country)

    async def _note_page(self, conversation: Conversation, page: Any) -> None:
        if isinstance(page, str) and page != conversation.page:
            # A page's query may hold a customer's secrets: only where they are, not with what.
            bare = urlsplit(page[:PAGE_CHARS])._replace(query="", fragment="").geturl()
            await asyncio.to_thread(self.house.desk.set_page, conversation.id, bare)

    async def note_languages(self, conversation: Conversation, connection: HTTPConnection) -> None:
        """The country that the browser's languages speak of, while no better word is known."""
        if conversation.country is None:
            spoken = connection.headers.get("accept-language", "")
            await self._country(conversation, of_languages(spoken))

    async def note_customer(self, conversation: Conversation, token: str) -> None:
        """Writes down whom the customer area vouches for; a bad token leaves a stranger one, and
        a talk had with another customer stays theirs."""
        customer = await self._customer(token)
        if customer and not _had_with_another(conversation, customer):
            await self._vouched(conversation, customer)

    async def _customer(self, token: Any) -> Customer | None:
        if not self.house.tokens or not isinstance(token, str) or not token:
            return None
        try:
            return await self.house.tokens.customer(token)
        except BadToken:
            return None

    async def _vouched(self, conversation: Conversation, customer: Customer) -> None:
        until = datetime.fromtimestamp(customer.expires, UTC)
        await asyncio.to_thread(
            self.house.desk.set_customer,
            conversation.id,
            customer.domains,
            customer.email,
            until,
        )
        await self._country(conversation, customer.country)

    async def _welcome(self, conversation: Conversation) -> dict[str, Any]:
        history = await asyncio.to_thread(self.house.desk.history, conversation.id, 0, HISTORY)
        token, expires = self.house.sessions.issue(conversation.id)
        brand = self.house.settings.brand
        return {
            "token": token,
            "conversation": conversation.id,
            "expires": int(expires),
            "history": [as_event(one) for one in history],
            "seq": history[-1].seq if history else 0,
            "brand": {
                "name": brand.name,
                "site": brand.site,
                "contact_email": brand.contact_email,
                "contact_phone": brand.contact_phone,
            },
            "texts_version": 1,
        }

    def _too_many(self, refused: TooMany) -> Response:
        error = {
            "code": "too_many_sessions",
            "text": refused.text,
            "retry_after": int(refused.wait) + 1,
        }
        return JSONResponse({"error": error}, status_code=429)


def _had_with_another(conversation: Conversation, customer: Customer) -> bool:
    """Whether somebody else has shown who they are in this talk: by address, else by domains."""
    if conversation.email and customer.email:
        return conversation.email.lower() != customer.email.lower()
    theirs = set(conversation.verified_domains)
    return bool(theirs) and theirs.isdisjoint(customer.domains)
