"""The agent: runs batteries for its bot and for nobody else."""

from __future__ import annotations

import hmac
import json
import logging

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qiq.checks.batteries import NAMES
from qiq.checks.model import Target
from qiq.checks.runner import run_battery
from qiq.hosting import Block, DomainFacts, MailboxFacts
from qiq.settings import Settings
from qiq.vantage import wire

log = logging.getLogger("qiq.vantage")
QUESTION_BYTES = 16_384


class Told:
    """``Hosting`` of an agent: knows only what the question says, so holds no account facts."""

    def __init__(self, facts: DomainFacts) -> None:
        self._facts = facts

    async def domain(self, name: str) -> DomainFacts | None:
        return self._facts if name == self._facts.domain else None

    async def domains(self) -> frozenset[str]:
        return frozenset({self._facts.domain})

    async def mailbox(self, address: str) -> MailboxFacts | None:
        return None

    async def block(self, address: str) -> Block | None:
        return None

    async def service_up(self, server: str, service: str) -> bool | None:
        return None


def app(settings: Settings, token: str) -> Starlette:
    """``POST /check`` with the token; everything else is refused."""

    async def check(request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            log.warning("a question without the right token was refused")
            return JSONResponse({"error": "the token is missing or wrong"}, 401)
        try:
            batteries, target, facts = _question(await _body(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        found = await run_battery(batteries, target, settings, hosting=Told(facts))
        return JSONResponse(wire.answer([r for r in found if not r.id.startswith(wire.NEVER)]))

    return Starlette(routes=[Route("/check", check, methods=["POST"])])


async def _body(request: Request) -> dict[str, object]:
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > QUESTION_BYTES:
            raise ValueError(f"the question is larger than {QUESTION_BYTES} bytes")
    data = json.loads(raw or b"{}")
    if not isinstance(data, dict):
        raise ValueError("the question must be a JSON object")
    return data


def _question(data: dict[str, object]) -> tuple[tuple[str, ...], Target, DomainFacts]:
    wanted = data.get("batteries")
    if not isinstance(wanted, list) or not wanted or not set(map(str, wanted)) <= NAMES:
        raise ValueError(f"batteries must be a list of: {', '.join(sorted(NAMES))}")
    target = wire.asked_target(data)

    def text(name: str) -> str | None:
        value = data.get(name)
        return str(value)[:100] if value else None

    facts = DomainFacts(
        target.domain, text("server"), text("mail_server"), text("mail_routing") or "local"
    )
    return tuple(map(str, wanted)), target, facts
