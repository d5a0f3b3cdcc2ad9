"""The state of the registration, where a registry answers (RDAP, RFC 9083)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec

BATTERIES = frozenset({"dns", "web", "mail"})
LOST = frozenset({"redemption period", "pending delete", "pending restore"})
HELD = frozenset({"client hold", "server hold"})


async def registration(target: Target, ctx: Context) -> CheckResult:
    base = str(ctx.settings.network.rdap.url).rstrip("/")
    label = f"registration {target.domain}"
    try:
        page = await ctx.web.trusted(f"{base}/domain/{target.domain}")
        data = json.loads(page.body) if page.status == 200 else None
    except (WireError, ValueError):
        data = None
    if not isinstance(data, dict):
        return results.skip(label, "no_registry")
    found = data.get("status")
    states = {str(one).lower() for one in found} if isinstance(found, list) else set()
    ends = _expiration(data)
    args = {
        "domain": target.domain, "status": ", ".join(sorted(states)) or "none",
        "date": f"{ends:%d %B %Y}".lstrip("0") if ends else "an unknown day",
    }  # fmt: skip
    facts = {"status": args["status"], "expires": str(ends.date()) if ends else ""}
    if states & LOST:
        return results.fail(label, "dns.registration.redemption", args, **facts)
    if ends is not None and ends < datetime.now(UTC):
        return results.fail(label, "dns.registration.expired", args, **facts)
    if states & HELD:
        return results.fail(label, "dns.registration.hold", args, **facts)
    return results.ok(label, **facts)


def _expiration(data: dict[str, object]) -> datetime | None:
    events = data.get("events")
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and event.get("eventAction") == "expiration":
            try:
                when = datetime.fromisoformat(str(event.get("eventDate")))
            except ValueError:
                return None
            return when if when.tzinfo else when.replace(tzinfo=UTC)
    return None


def _configured(target: Target, ctx: Context) -> bool:
    return ctx.settings.network.rdap.url is not None


SPECS = (Spec("dns.registration", registration, BATTERIES, required=False, applies=_configured),)
