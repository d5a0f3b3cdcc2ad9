"""Questions to a control panel's HTTP API: ``requests`` in a thread, bounded in time and size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from qiq.hosting.model import HostingError
from qiq.settings import Settings

SECONDS = 4.0
BYTES = 8_000_000
CHUNK = 65_536
MEGABYTE = 1024 * 1024
_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="panel")


class PanelHttp:
    """One panel. ``headers`` or ``auth`` carry the secret; it never shows up in an error."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        roots: Path | None = None,
    ) -> None:
        self._url, self._headers, self._auth = url.rstrip("/"), dict(headers or {}), auth
        self._verify: bool | str = str(roots) if roots else True

    async def json(self, path: str, params: Mapping[str, str]) -> Any:
        """The JSON of one answer. Raises ``HostingError``."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(SECONDS + 1):
                return await loop.run_in_executor(_threads, self._get, path, dict(params))
        except TimeoutError as error:
            raise HostingError(f"{self._url}{path}: no answer within {SECONDS} s") from error

    def _get(self, path: str, params: dict[str, str]) -> Any:
        where = f"{self._url}{path}"
        try:
            with requests.Session() as session:
                session.trust_env = False
                reply = session.get(
                    where, params=params, headers=self._headers, auth=self._auth, stream=True,
                    timeout=SECONDS, verify=self._verify, allow_redirects=False,
                )  # fmt: skip
                if reply.status_code != 200:
                    raise HostingError(f"{where}: status {reply.status_code}")
                body = b""
                for chunk in reply.iter_content(CHUNK):
                    body += chunk
                    if len(body) > BYTES:
                        raise HostingError(f"{where}: the answer is larger than {BYTES} bytes")
        except requests.RequestException as error:
            raise HostingError(f"{where}: {type(error).__name__}") from error
        return _decoded(body, where)


def _decoded(body: bytes, where: str) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise HostingError(f"{where}: the answer is not JSON") from error


def number(value: object) -> int:
    """``"123M"``, ``"123.4"``, ``None``, ``"unlimited"`` → a whole number; 0 when there is none."""
    digits = "".join(ch for ch in str(value or "0") if ch.isdigit() or ch == ".")
    try:
        return int(float(digits or "0"))
    except ValueError:
        return 0


def yes(value: object) -> bool:
    """The panels' ways to say yes."""
    return str(value).strip().lower() in ("1", "yes", "on", "true")


def server_at(settings: Settings, address: object) -> str | None:
    """The id of the host's server that has ``address``, as a panel wrote it; None when none has."""
    try:
        server = settings.server_of(str(address))
    except ValueError:
        return None
    return server.id if server else None
