"""The one door for HTTP: ``requests`` in threads, to vetted addresses, bounded in size and time."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3

from qiq.checks.clock import Deadline
from qiq.checks.dial import tls_context
from qiq.checks.dns_door import Resolver
from qiq.checks.errors import Trouble, WireError, printable, silence, translate
from qiq.checks.guard import Guard
from qiq.checks.pinned import Handle, session
from qiq.settings import Settings

BODY_BYTES = 262_144
FETCH_SHARE = 0.75
SYSTEM_ROOTS = Path()
BROWSER = "Mozilla/5.0 (compatible; QiQ-support-check/1.0)"
_threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="fetch")


@dataclass(frozen=True)
class Page:
    """One HTTP reply. ``first_byte`` and ``whole`` are seconds; ``body`` is bounded text."""

    url: str
    address: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    size: int = 0
    cut: bool = False
    first_byte: float = 0.0
    whole: float = 0.0

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as sent."""
        return self.headers.get("location") if self.status in (301, 302, 303, 307, 308) else None


class Fetcher:
    """Fetches pages for one run."""

    def __init__(self, settings: Settings, guard: Guard, dns: Resolver, deadline: Deadline) -> None:
        self._settings, self._guard, self._dns, self._deadline = settings, guard, dns, deadline

    async def get(
        self,
        scheme: str,
        host: str,
        path: str,
        address: str,
        *,
        port: int | None = None,
        headers: Mapping[str, str] | None = None,
        share: float = FETCH_SHARE,
    ) -> Page:
        """The page at ``address``. Raises ``Refused`` (guard) or ``WireError``."""
        vetted = self._guard.vet(address, port or self._settings.network.port(scheme))
        asked = _Question(scheme, host, path, vetted.address, vetted.port, dict(headers or {}))
        return await _in_thread(asked, self._deadline, share)

    async def trusted(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        """A page at an address the operator wrote into the settings."""
        return await trusted(url, self._settings, self._deadline, headers)


async def trusted(
    url: str,
    settings: Settings,
    deadline: Deadline,
    headers: Mapping[str, str] | None = None,
    *,
    body: str | None = None,
    share: float = FETCH_SHARE,
) -> Page:
    """A page at an address of the settings, its certificate checked, redirects not followed.

    With ``body`` it is a POST.
    """
    parts = urlsplit(url)
    host, scheme = parts.hostname or "", parts.scheme
    port = parts.port or {"http": 80, "https": 443}.get(scheme, 443)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    roots = settings.network.trust_roots or SYSTEM_ROOTS
    asked = _Question(scheme, host, path, host, port, dict(headers or {}), roots, body)
    return await _in_thread(asked, deadline, share)


@dataclass(frozen=True)
class _Question:
    """One request. With ``roots`` the certificate must be trusted and made out to ``host``."""

    scheme: str
    host: str
    path: str
    address: str
    port: int
    headers: Mapping[str, str]
    roots: Path | None = None
    body: str | None = None


async def _in_thread(asked: _Question, deadline: Deadline, share: float) -> Page:
    handle, seconds = Handle(), deadline.share(share)
    work = asyncio.get_running_loop().run_in_executor(_threads, _fetch, asked, seconds, handle)
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.shield(work)
    except TimeoutError as error:
        text = f"no complete reply within {seconds:.1f} s"
        raise silence(Trouble.HUNG, text, fair=deadline.fair(handle.begun)) from error
    except WireError as error:
        if error.trouble not in (Trouble.HUNG, Trouble.TIMEOUT):
            raise
        fair = deadline.fair(handle.begun)
        raise silence(error.trouble, error.detail, fair=fair) from error
    finally:
        if not work.done():
            handle.cut()
            work.add_done_callback(_forget)


def _forget(work: asyncio.Future[Page]) -> None:
    if not work.cancelled():
        work.exception()


def _fetch(asked: _Question, seconds: float, handle: Handle) -> Page:
    """In a thread, which may have had to wait for its turn."""
    handle.begun = started = time.monotonic()
    url = f"{asked.scheme}://{asked.host}:{asked.port}{asked.path}"
    try:
        with session(asked.address, _context(asked), handle) as web:
            reply = web.request(
                "GET" if asked.body is None else "POST", url, headers=_headers(asked),
                data=None if asked.body is None else asked.body.encode(),
                allow_redirects=False, stream=True, timeout=seconds,
            )  # fmt: skip
            first = time.monotonic() - started
            text, cut = _body(reply)
            return Page(
                f"{asked.scheme}://{asked.host}{asked.path}", asked.address, reply.status_code,
                {key.lower(): printable(value, 500) for key, value in reply.headers.items()},
                text.decode(_charset(reply), "replace"), len(text), cut, first,
                time.monotonic() - started,
            )  # fmt: skip
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _translated(error) from error
    finally:
        handle.close()


def _headers(asked: _Question) -> dict[str, str]:
    return {
        "Host": asked.host, "User-Agent": BROWSER, "Accept-Encoding": "identity", **asked.headers,
    }  # fmt: skip


def _context(asked: _Question) -> ssl.SSLContext:
    if asked.roots is None or asked.scheme == "http":
        return tls_context(None, verify=False, old=True)
    return _strict(asked.roots)


@lru_cache(maxsize=4)
def _strict(roots: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if roots != SYSTEM_ROOTS:
        context.load_verify_locations(roots)
    return context


def _body(reply: requests.Response) -> tuple[bytes, bool]:
    parts, size = [], 0
    for part in reply.iter_content(16_384):
        parts.append(part)
        size += len(part)
        if size >= BODY_BYTES:
            reply.close()
            return b"".join(parts)[:BODY_BYTES], True
    return b"".join(parts), False


def _charset(reply: requests.Response) -> str:
    try:
        return ("".encode(reply.encoding or "utf-8") and "") or (reply.encoding or "utf-8")
    except LookupError:
        return "utf-8"


def _translated(error: BaseException) -> WireError:
    """The root of requests' and urllib3's layers of wrapping, most specific first."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        inner = getattr(current, "reason", None)
        nested = next((arg for arg in current.args if isinstance(arg, BaseException)), None)
        current = (
            inner
            if isinstance(inner, BaseException)
            else nested or current.__cause__ or current.__context__
        )
    for one in reversed(chain):
        if isinstance(one, urllib3.exceptions.ReadTimeoutError):
            return WireError(Trouble.HUNG, "no reply in time")
        if isinstance(one, urllib3.exceptions.ConnectTimeoutError | TimeoutError):
            return WireError(Trouble.TIMEOUT, "no answer in time")
        if isinstance(one, OSError) and not isinstance(one, requests.RequestException):
            return translate(one)
    text = printable(str(error))
    if any(type(one).__name__ in ("RemoteDisconnected", "IncompleteRead") for one in chain):
        return WireError(Trouble.CLOSED, text)
    return WireError(Trouble.GARBAGE, text)
