"""A visit: one page and the redirects after it, each one vetted again before it is followed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import tldextract

from qiq.checks.context import Context
from qiq.checks.errors import WireError
from qiq.checks.fetch import Page
from qiq.checks.model import Target
from qiq.hosting import HostingError
from qiq.hosting.names import a_label

HOPS = 8
PORTS = {"http": 80, "https": 443}
_suffixes = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, extra_suffixes=("example", "test", "invalid", "localhost")
)


@dataclass(frozen=True)
class Visit:
    """``end`` is ``page``, ``loop``, ``away``, ``inside`` or ``trouble``; ``to`` where it led."""

    pages: tuple[Page, ...]
    end: str
    to: str = ""
    trouble: WireError | None = None

    @property
    def last(self) -> Page | None:
        return self.pages[-1] if self.pages else None

    @property
    def chain(self) -> str:
        return " → ".join([page.url for page in self.pages[:HOPS]] + ([self.to] if self.to else []))


async def visit(
    scheme: str,
    host: str,
    path: str,
    address: str,
    target: Target,
    ctx: Context,
    headers: dict[str, str] | None = None,
) -> Visit:
    """Begin at ``address`` and follow redirects among hosted names."""
    pages: list[Page] = []
    cookies: dict[str, str] = {}
    seen: dict[tuple[str, str, str], int] = {}
    while True:
        key = (scheme, host, path)
        seen[key] = seen.get(key, 0) + 1
        # A cookie is an innocent reason to come back once to the same address.
        if seen[key] > (2 if cookies else 1) or len(pages) > HOPS:
            return Visit(tuple(pages), "loop")
        sent = dict(headers or {})
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        try:
            page = await ctx.web.get(scheme, host, path, address, headers=sent)
        except WireError as error:
            return Visit(tuple(pages), "trouble", trouble=error)
        pages.append(page)
        _remember(page, cookies)
        if page.location is None:
            return Visit(tuple(pages), "page")
        following = next_hop(page.url, page.location)
        if following is None:
            return Visit(tuple(pages), "away", page.location[:200])
        if following[1] != host:
            found = await _address(following[1], target, ctx)
            if found in ("away", "inside"):
                return Visit(tuple(pages), found, page.location[:200])
            address = found
        scheme, host, path = following


def next_hop(base: str, location: str) -> tuple[str, str, str] | None:
    """Scheme, host and path of a redirect; None when it is not one that may be followed."""
    if any(ord(ch) < 33 or ord(ch) == 127 for ch in location):
        return None
    try:
        parts = urlsplit(urljoin(base, location))
        port = parts.port
        host = a_label(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme not in PORTS or "@" in parts.netloc or port not in (None, PORTS[parts.scheme]):
        return None
    path = parts.path or "/"
    return parts.scheme, host, f"{path}?{parts.query}" if parts.query else path


async def _address(host: str, target: Target, ctx: Context) -> str:
    """The address of a hosted name; ``away`` for a stranger's, ``inside`` if unreachable."""
    if _is_address(host):
        return "inside" if not ctx.guard.reachable(host) else "away"
    answer = await ctx.dns.ask(host, "A")
    inside = bool(answer.records) and not any(map(ctx.guard.reachable, answer.records))
    if inside:
        return "inside"
    if not await hosted(host, target, ctx):
        return "away"
    return next((one for one in answer.records if ctx.guard.reachable(one)), "away")


async def hosted(host: str, target: Target, ctx: Context) -> bool:
    """Whether ``host`` belongs to this domain or to another one hosted here."""
    domain = registrable(host)
    if domain == target.domain:
        return True
    if domain is None:
        return False
    if host in ctx.settings.server_names:
        return True
    try:
        return await ctx.hosting.domain(domain) is not None
    except HostingError:
        return False


def registrable(host: str) -> str | None:
    """The registrable name (public suffix and one label) of ``host``; None when it has none."""
    found = _suffixes(host)
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else None


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host


def _remember(page: Page, cookies: dict[str, str]) -> None:
    pair = page.headers.get("set-cookie", "").split(";")[0]
    name, equals, value = pair.partition("=")
    if equals and name.strip() and len(cookies) < 20:
        cookies[name.strip()[:100]] = value.strip()[:500]
