"""Pictures of a talk: kept after a look at them, and shown to a platform by a link that ends."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from qiq.gateway.house import House
from qiq.gateway.sessions import session_secret
from qiq.gateway.widget.files import NotAPicture, describe, keep, reencode

PATH = "/pictures"
LASTS = timedelta(days=7)
"""Platforms fetch a picture within seconds; in an SMS the customer opens the link by hand."""


def keep_checked(house: House, conversation_id: str, data: bytes) -> dict[str, Any] | None:
    """The ``custom`` part of the message that carries it; None when it is no picture or too big."""
    if len(data) > house.settings.limits.upload_bytes:
        return None
    try:
        picture, width, height = reencode(data)
    except NotAPicture:
        return None
    return describe(keep(house, conversation_id, picture, width, height), house.places.state)


def keep_shared(house: House, conversation_id: str, data: bytes) -> Mapping[str, Any] | None:
    """The same for a picture from staff, with a link for platforms that fetch it themselves."""
    custom = keep_checked(house, conversation_id, data)
    public_url = house.settings.channels.public_url
    if custom is None or public_url is None:
        return custom
    until = int((house.desk.now() + LASTS).timestamp())
    name = f"{conversation_id}.{custom['name'].removesuffix('.png')}.{until}"
    return {**custom, "link": f"{public_url}{PATH}/{name}.{_seal(house, name)}.png"}


def routes(house: House) -> Sequence[BaseRoute]:
    """``GET /pictures/<conversation>.<file>.<until>.<seal>.png``: whoever has the whole link."""

    async def show(request: Request) -> Response:
        name, _, seal = request.path_params["name"].removesuffix(".png").rpartition(".")
        parts = name.split(".")
        if len(parts) != 3 or not hmac.compare_digest(seal.encode(), _seal(house, name).encode()):
            return PlainTextResponse("no such picture", 404)
        conversation_id, file_id, until = parts
        record = await asyncio.to_thread(house.desk.file, conversation_id, file_id)
        path = house.places.state / record.path if record else None
        if path is None or not path.is_file() or _over(until, house.desk.now()):
            return PlainTextResponse("no such picture", 404)
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox",
                   "Cache-Control": "no-store"}  # fmt: skip
        return FileResponse(path, media_type="image/png", headers=headers)

    return [Route(f"{PATH}/{{name}}", show)]


def _over(until: str, now: datetime) -> bool:
    return not until.isdecimal() or int(until) < now.timestamp()


def _seal(house: House, name: str) -> str:
    key = session_secret(house.places.state).encode()
    return hmac.new(key, f"picture:{name}".encode(), hashlib.sha256).hexdigest()
