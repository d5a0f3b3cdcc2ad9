"""Do people who come from a search engine see something else? A break-in often hides that way."""

from __future__ import annotations

from urllib.parse import urlsplit

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web.page import seen
from qiq.checks.web.place import site_place
from qiq.checks.web.visit import Visit, visit

FROM_SEARCH = {"Referer": "https://www.google.com/"}


async def search_visitor(target: Target, ctx: Context) -> CheckResult:
    """The same page twice: opened directly, and from a search result."""
    where = await site_place(target, ctx)
    label = f"https://{where.host}{target.url_path}"
    plain = await seen("https", target, ctx)
    other = await visit(
        "https", where.host, target.url_path, where.address, target, ctx, FROM_SEARCH
    )
    if other.trouble is not None and other.trouble.trouble is Trouble.OURS:
        return results.error(label, "our_network", detail=other.trouble.detail)
    away = _host(other)
    if other.end == "away" and away and away != _host(plain):
        args = {"host": where.host, "to": away, "plain": plain.chain or plain.end}
        return results.fail(label, "web.hacked.cloaked_redirect", args)
    return results.ok(label)


def _host(went: Visit) -> str:
    return urlsplit(went.to).hostname or "" if went.end == "away" else ""


def _offered(target: Target, ctx: Context) -> bool:
    return any("https" in server.services for server in ctx.settings.servers)


SPECS = (
    Spec(
        "web.search_visitor", search_visitor, frozenset({"web"}), needs=("web.https.connect",),
        required=False, applies=_offered,
    ),
)  # fmt: skip
