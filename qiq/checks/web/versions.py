"""Do http:// and https:// show the same site? Two folders, or a copy left behind, look like "my
change does not appear" to some visitors and fine to others."""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import printable
from qiq.checks.fetch import Page
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web import html, signs
from qiq.checks.web.page import EMPTY_BYTES, seen
from qiq.checks.web.place import site_place

ALIKE = 0.5
"""Share of words in common from which two pages are one: dates, prices, greetings may differ."""


async def versions(target: Target, ctx: Context) -> CheckResult:
    where = await site_place(target, ctx)
    plain, secure = await seen("http", target, ctx), await seen("https", target, ctx)
    one, other = _shown(plain.last, "http://"), _shown(secure.last, "https://")
    if plain.end != "page" or secure.end != "page" or one is None or other is None:
        return results.ok(where.host, compared="no")
    if _title(one) == _title(other) or alike(one.body, other.body) >= ALIKE:
        return results.ok(where.host, compared="yes")
    args = {"host": where.host, "http_title": _title(one), "https_title": _title(other)}
    return results.warn(where.host, "web.page.versions_differ", args)


def _shown(last: Page | None, scheme: str) -> Page | None:
    """A page that stands for its side: not one the other side sent the visitor to, no error."""
    if last is None or last.status != 200 or last.size < EMPTY_BYTES:
        return None
    return last if last.url.startswith(scheme) and signs.trouble(last.body) is None else None


def _title(shown: Page) -> str:
    return printable(html.title(shown.body), 60) or "no title"


def alike(one: str, other: str) -> float:
    """The share of words two pages have in common, 0 to 1."""
    a, b = set(html.words(one)), set(html.words(other))
    return len(a & b) / len(a | b) if a | b else 1.0


def _both_offered(target: Target, ctx: Context) -> bool:
    return any({"http", "https"} <= set(server.services) for server in ctx.settings.servers)


SPECS = (
    Spec(
        "web.versions", versions, frozenset({"web"}),
        needs=("web.http.connect", "web.https.connect"), required=False, applies=_both_offered,
    ),
)  # fmt: skip
