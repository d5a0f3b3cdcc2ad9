"""Is a plain file delivered? That needs the web server only, so it tells server from script."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.fetch import Page
from qiq.checks.model import Target
from qiq.checks.web.place import site_place

PATHS = ("/robots.txt", "/favicon.ico", "/wp-includes/css/dashicons.min.css")


@dataclass(frozen=True)
class Static:
    """``fine`` when a file came; ``broken`` when none did; neither when there is no such file.
    ``denied`` when the server turns away even these: it may be us that it does not like.

    ``seconds`` is the time to its first byte, ``text`` what staff read.
    """

    fine: bool
    broken: bool
    seconds: float
    text: str
    trouble: WireError | None = None
    denied: bool = False


async def static(target: Target, ctx: Context) -> Static:
    """Tried once in a run, over the scheme that answers."""

    async def look() -> Static:
        where = await site_place(target, ctx)
        tries = [("https", path) for path in PATHS] + [("http", PATHS[0])]
        found = await asyncio.gather(
            *(ctx.web.get(s, where.host, p, where.address, share=0.6) for s, p in tries),
            return_exceptions=True,
        )
        return _judge(found)

    return await ctx.once("static", look)


def _judge(found: list[Page | BaseException]) -> Static:
    pages = [page for page in found if isinstance(page, Page)]
    fine = [page for page in pages if _is_file(page)]
    if fine:
        best = min(fine, key=lambda page: page.first_byte)
        return Static(True, False, best.first_byte, f"{best.status} for {best.url}")
    errors = [error for error in found if isinstance(error, WireError)]
    ours = any(error.trouble is Trouble.OURS for error in errors)
    failed = [page for page in pages if page.status >= 500]
    broken = not ours and len(failed) + len(errors) == len(found)
    first = next(iter(errors), None)
    text = f"{failed[0].status}" if failed else str(first or "no plain file found")
    denied = bool(pages) and all(page.status in (401, 403, 406, 429) for page in pages)
    return Static(False, broken, 0.0, text, first, denied)


def _is_file(page: Page) -> bool:
    """A file and not a script's page: scripts say HTML, or that they were made by PHP."""
    kind = page.headers.get("content-type", "")
    return page.status == 200 and "html" not in kind and "x-powered-by" not in page.headers
