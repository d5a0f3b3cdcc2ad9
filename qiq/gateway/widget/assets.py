"""The widget's own files, as built by ``widget/``."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

DIST = Path(__file__).parents[3] / "widget" / "dist"
LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2,4})?")
HEADERS = {
    # Integrity checks of the printed snippet need it from another origin.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}


class Assets:
    """Public and the same for everybody."""

    def __init__(self, dist: Path = DIST) -> None:
        self.dist = dist

    async def script(self, _: Request) -> Response:
        return self._file(self.dist / "widget.js", "text/javascript")

    async def texts(self, request: Request) -> Response:
        language = request.path_params["language"].lower()
        if not LANGUAGE.fullmatch(language):
            return PlainTextResponse("No such language.", status_code=404)
        return self._file(self.dist / "texts" / f"{language}.json", "application/json")

    def _file(self, path: Path, media_type: str) -> Response:
        if not path.is_file():
            return PlainTextResponse("Not built. Run: make widget", status_code=404)
        return FileResponse(path, media_type=media_type, headers=HEADERS)
