"""Pictures: judged by content, re-encoded, bounded; never the bytes that came in."""

from __future__ import annotations

import asyncio
import io
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from qiq.desk.model import FileRecord
from qiq.desk.types import new_id
from qiq.gateway.house import House
from qiq.gateway.reading import FOLDER
from qiq.gateway.widget.entry import Entry, Refused

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_SIDE = 2400
MAX_PIXELS = 40_000_000
"""Refused before decoding: a small file can unpack to gigabytes."""


class NotAPicture(Exception):
    """The content is not a PNG, JPEG or WebP that can be decoded."""


def reencode(data: bytes) -> tuple[bytes, int, int]:
    """A fresh PNG of the picture: no metadata, no second payload. Raises ``NotAPicture``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise NotAPicture
                image.seek(0)
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise NotAPicture from error
    except Image.DecompressionBombError as error:
        raise NotAPicture from error
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=False)
    return out.getvalue(), clean.width, clean.height


def describe(record: FileRecord, state: Path) -> dict[str, Any]:
    """The ``custom`` part of the message that carries a picture."""
    return {
        "type": "file",
        "name": f"{record.id}.png",
        "url": f"/widget/files/{record.id}",
        "media_type": record.mime,
        "size": (state / record.path).stat().st_size,
    }


def keep(house: House, conversation_id: str, picture: bytes, width: int, height: int) -> FileRecord:
    """Writes a re-encoded picture to the state folder and files it under the conversation."""
    file_id = new_id("f")
    path = FOLDER / f"{file_id}.png"
    whole = house.places.state / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    whole.write_bytes(picture)
    whole.chmod(0o600)
    made = FileRecord(
        file_id, conversation_id, "image/png", width, height, str(path), house.desk.now()
    )
    house.desk.add_file(made)
    return made


class Files:
    """Upload, and showing a visitor their own picture."""

    def __init__(self, house: House, entry: Entry) -> None:
        self.house = house
        self.entry = entry

    async def upload(self, request: Request) -> Response:
        """``POST /widget/files``, multipart, one field ``file``."""
        conversation = await self.entry.bearer(request)
        if wait := await self.house.message_limit.take(conversation.id):
            return self._error(429, "system.slow_down", int(wait) + 1, seconds=str(int(wait) + 1))
        limit = self.house.settings.limits.upload_bytes
        async with request.form(max_files=1, max_fields=4) as form:
            part = form.get("file")
            data = await part.read(limit + 1) if isinstance(part, UploadFile) else b""
        if len(data) > limit:
            return self._error(413, "system.file_too_large", megabytes=str(limit // 1_000_000))
        try:
            picture, width, height = await asyncio.to_thread(reencode, data)
        except NotAPicture:
            return self._error(415, "system.file_not_picture")
        record = await asyncio.to_thread(keep, self.house, conversation.id, picture, width, height)
        return JSONResponse({"file": record.id})

    async def show(self, request: Request) -> Response:
        """``GET /widget/files/<id>``: only to the session that sent it."""
        conversation = await self.entry.bearer(request)
        record = await asyncio.to_thread(
            self.house.desk.file, conversation.id, request.path_params["file_id"]
        )
        path = self.house.places.state / record.path if record else None
        if record is None or path is None or not path.is_file():
            raise Refused(404, "no_file")
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        return FileResponse(path, media_type=record.mime, headers=headers)

    def _error(
        self, status: int, text: str, retry_after: int | None = None, **args: str
    ) -> Response:
        code = text.rpartition(".")[2]
        error = {"code": code, "text": self.house.say(text, **args), "retry_after": retry_after}
        return JSONResponse({"error": error}, status_code=status)
