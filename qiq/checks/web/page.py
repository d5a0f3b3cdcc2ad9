"""What the site shows, and what that says about server, account and script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.fetch import Page
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.web import html, signs
from qiq.checks.web.place import SitePlace, site_place
from qiq.checks.web.static import Static, static
from qiq.checks.web.visit import Visit, visit
from qiq.hosting import HostingError

SLOW_SECONDS = 2.5
QUICK_SECONDS = 1.0
HEAD_START = 0.1
EMPTY_BYTES = 60
NOBODY = "catch-all.invalid"
LOADED = ("img", "script", "iframe", "video", "audio", "source", "link")
FETCHED_LINKS = {"stylesheet", "icon", "preload", "manifest"}


async def seen(scheme: str, target: Target, ctx: Context) -> Visit:
    """The visit of an ordinary visitor, made once in a run."""
    where = await site_place(target, ctx)
    return await ctx.once(
        ("visit", scheme),
        lambda: visit(scheme, where.host, target.url_path, where.address, target, ctx),
    )


async def page(scheme: str, target: Target, ctx: Context) -> CheckResult:
    where = await site_place(target, ctx)
    if not where.address:
        return results.skip(where.host, "no_address")
    label = f"{scheme}://{where.host}{target.url_path}"
    visiting = asyncio.ensure_future(seen(scheme, target, ctx))
    await asyncio.wait({visiting}, timeout=ctx.deadline.share(HEAD_START))
    plain = None
    # A page that takes its time: look at a plain file meanwhile, not afterwards.
    if not visiting.done() or _doubtful(visiting.result()):
        plain = await static(target, ctx)
    went = await visiting
    return await _judge(label, where, went, plain, target, ctx)


def _doubtful(went: Visit) -> bool:
    last = went.last
    return (
        went.end == "trouble" or last is None or last.status >= 400 or last.size < EMPTY_BYTES
        or last.first_byte > SLOW_SECONDS
    )  # fmt: skip


async def _judge(
    label: str, where: SitePlace, went: Visit, plain: Static | None, target: Target, ctx: Context
) -> CheckResult:
    last = went.last
    args: dict[str, object] = {
        "host": where.host, "domain": target.domain, "address": where.address,
        "server": where.server_id, "path": target.url_path, "chain": went.chain, "to": went.to,
        "port": 443 if label.startswith("https") else 80, "static": plain.text if plain else "",
        "expected": where.expected, "status": last.status if last else "",
    }  # fmt: skip
    facts = _facts(went, plain)
    if went.end in ("loop", "inside"):
        return results.fail(label, f"web.redirect.{went.end}", args, **facts)
    if went.end == "away":
        return results.warn(label, "web.redirect.away", args, **facts)
    if went.trouble is not None:
        return _wire(label, went.trouble, plain, args, facts)
    assert last is not None
    sign = signs.trouble(last.body)
    if sign is not None:
        found = await _by_sign(label, sign, last, args, facts, where, ctx)
        if found is not None:
            return found
    if last.status >= 400:
        return _by_status(label, last, plain, args, facts)
    if last.size < EMPTY_BYTES and not last.body.strip():
        return results.fail(label, "web.page.empty", {**args, "bytes": last.size}, **facts)
    if last.first_byte > SLOW_SECONDS:
        return _slow(label, last, plain, args, facts)
    insecure = insecure_parts(last.body) if last.url.startswith("https") else []
    if insecure:
        args |= {"example": insecure[0], "count": len(insecure)}
        return results.warn(label, "web.page.mixed_content", args, **facts)
    return results.ok(label, **facts)


def insecure_parts(body: str) -> list[str]:
    """Addresses a browser would load without encryption; a ``link`` that only names is none."""
    found = []
    for tag in html.tags(body, *LOADED):
        kinds = set(tag.attributes.get("rel", "").lower().split())
        if tag.name == "link" and not kinds & FETCHED_LINKS:
            continue
        address = tag.attributes.get("href" if tag.name == "link" else "src", "")
        if address.lower().startswith("http://"):
            found.append(address)
    return found


def _facts(went: Visit, plain: Static | None) -> dict[str, object]:
    last = went.last
    if last is None:
        return {"static": plain.text if plain else ""}
    made_by = signs.cms(last.body)
    return {
        "status": last.status, "url": last.url, "redirects": len(went.pages) - 1,
        "first_byte_ms": round(last.first_byte * 1000), "bytes": last.size,
        "cms": f"{made_by.name} {made_by.version}".strip() if made_by else "",
        "static": plain.text if plain else "",
    }  # fmt: skip


def _wire(
    label: str, trouble: WireError, plain: Static | None, args: dict[str, object],
    facts: Mapping[str, object],
) -> CheckResult:  # fmt: skip
    if trouble.trouble is Trouble.OURS:
        return results.error(label, "our_network", detail=trouble.detail)
    args |= {"detail": trouble.detail, "seconds": "4"}
    if trouble.trouble is Trouble.TLS:
        return results.skip(label, "parent", parent="tls.https.certificate")
    if plain is not None and plain.fine:
        return results.fail(label, "web.script.hung", args, **facts)
    kinds = {Trouble.CLOSED: "closed", Trouble.GARBAGE: "garbage", Trouble.REFUSED: "refused"}
    kind = kinds.get(trouble.trouble, "hung")
    return results.own(results.fail(label, f"web.server.{kind}", args, **facts))


async def _by_sign(
    label: str, sign: signs.Sign, last: Page, args: dict[str, object],
    facts: Mapping[str, object], where: SitePlace, ctx: Context,
) -> CheckResult | None:  # fmt: skip
    args |= {"sign": sign.name, "message": sign.text, "where": where.host}
    codes = {
        "prober_blocked": "web.page.prober_blocked", "suspended": "web.page.suspended",
        "php_source": "web.php.not_run", "php_fatal": "web.script.php_fatal",
        "maintenance": "web.page.maintenance", "hacked": "web.hacked.spam",
        "parked": "web.page.parked", "default": "web.page.default",
    }  # fmt: skip
    if sign.kind == "prober_blocked":
        if last.status < 400:
            return None
        return results.cannot_tell(label, codes[sign.kind], args)
    if sign.kind == "database":
        return await _database(label, args, facts, where, ctx)
    if sign.kind == "default" and await _is_catch_all(last, where, ctx):
        return results.own(results.fail(label, "web.host_page.missing", args, **facts))
    return results.fail(label, codes[sign.kind], args, **facts)


async def _is_catch_all(last: Page, where: SitePlace, ctx: Context) -> bool:
    """Whether a name nobody has gets the very same page: then the server lost this site."""
    scheme = last.url.partition("://")[0]
    try:
        stranger = await ctx.web.get(scheme, NOBODY, "/", where.address, share=0.3)
        folder = await ctx.web.get(scheme, where.host, "/robots.txt", where.address, share=0.3)
    except WireError:
        return False
    # A page of the customer's own folder may look like the server's; a file beside it settles it.
    return stranger.body == last.body and not (folder.status == 200 and folder.body != last.body)


async def _database(
    label: str, args: dict[str, object], facts: Mapping[str, object], where: SitePlace, ctx: Context
) -> CheckResult:
    try:
        up = await ctx.hosting.service_up(where.server_id, "mysql")
    except HostingError:
        up = None
    if up is False:
        return results.own(results.fail(label, "web.database.down", args, **facts))
    code = "web.database.credentials" if up else "web.database.unclear"
    return results.fail(label, code, args, **facts)


def _by_status(
    label: str, last: Page, plain: Static | None, args: dict[str, object],
    facts: Mapping[str, object],
) -> CheckResult:  # fmt: skip
    fixed = {
        403: "web.page.forbidden", 404: "web.page.not_found", 410: "web.page.not_found",
        508: "web.page.limit_reached", 509: "web.page.limit_reached",
    }  # fmt: skip
    if plain is not None and plain.denied:
        # A protection that dislikes programs answers like this; visitors may well get in.
        args["sign"] = f"error {last.status} for everything"
        return results.cannot_tell(label, "web.page.prober_blocked", args)
    if last.status in fixed:
        return results.fail(label, fixed[last.status], args, **facts)
    if plain is not None and plain.broken and last.status >= 500:
        return results.own(results.fail(label, "web.server.error", args, **facts))
    if plain is not None and plain.fine:
        by_script = {500: "web.script.error", 504: "web.script.hung", 502: "web.backend.down"}
        code = by_script.get(last.status, "web.script.unavailable")
        found = results.fail(label, code, {**args, "seconds": "4"}, **facts)
        return results.own(found) if code == "web.backend.down" else found
    return results.fail(label, "web.script.unavailable", args, **facts)


def _slow(
    label: str, last: Page, plain: Static | None, args: dict[str, object],
    facts: Mapping[str, object],
) -> CheckResult:  # fmt: skip
    """Only a quick plain file proves that the server is not what is slow."""
    args["seconds"] = f"{last.first_byte:.1f}"
    if plain is None or not (plain.fine or plain.broken):
        return results.fail(label, "web.slow.unclear", args, **facts)
    if plain.fine and plain.seconds < QUICK_SECONDS:
        args["static_ms"] = round(plain.seconds * 1000)
        return results.fail(label, "web.script.slow", args, **facts)
    if plain.broken or plain.seconds > last.first_byte / 2:
        if plain.fine:
            args["seconds"] = f"{plain.seconds:.1f}"
        return results.own(results.fail(label, "web.server.slow", args, **facts))
    return results.fail(label, "web.slow.unclear", args, **facts)


def _spec(scheme: str) -> Spec:
    async def run(target: Target, ctx: Context) -> CheckResult:
        return await page(scheme, target, ctx)

    def applies(target: Target, ctx: Context) -> bool:
        return any(scheme in server.services for server in ctx.settings.servers)

    return Spec(
        f"web.{scheme}.page", run, frozenset({"web"}), needs=(f"web.{scheme}.connect",),
        applies=applies,
    )  # fmt: skip


SPECS = (_spec("http"), _spec("https"))
