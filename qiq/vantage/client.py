"""Asks the agent, beside the checks at home. Its silence is our failure, not the customer's."""

from __future__ import annotations

import asyncio
import json
import logging

from qiq.checks import results
from qiq.checks.clock import Deadline
from qiq.checks.errors import WireError
from qiq.checks.fetch import trusted
from qiq.checks.model import CheckResult, Target
from qiq.hosting import Hosting, HostingError
from qiq.settings import MissingSecret, Settings
from qiq.vantage import wire

log = logging.getLogger("qiq.vantage")
LOOKS = frozenset({"mail", "mail_reputation", "web", "dns", "ftp", "panel", "webmail", "status"})


async def second_look(
    batteries: tuple[str, ...], target: Target, settings: Settings, hosting: Hosting
) -> list[CheckResult]:
    """Results from the second place; none when there is no such place or nothing to see there."""
    wanted = tuple(name for name in batteries if name in LOOKS)
    place = settings.network.vantage
    if place is None or not wanted:
        return []
    deadline = Deadline.in_seconds(settings.limits.battery_seconds)
    try:
        token = settings.secret(place.token_env)
        known = await hosting.domain(target.domain)
        asked = json.dumps(wire.question(wanted, target, known))
        async with asyncio.timeout(deadline.left()):
            page = await trusted(
                f"{str(place.url).rstrip('/')}/check", settings, deadline,
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                body=asked, share=1.0,
            )  # fmt: skip
        if page.status != 200:
            raise ValueError(f"the agent answered {page.status}")
        return wire.read(json.loads(page.body))
    except (
        WireError, ValueError, KeyError, TypeError, AttributeError, TimeoutError, HostingError,
        MissingSecret,
    ) as error:  # fmt: skip
        log.error("the second place could not be asked: %s", type(error).__name__)
        return [_silent(str(place.url))]


def _silent(url: str) -> CheckResult:
    failed = results.own(results.error(url, "vantage_failed"))
    return CheckResult(
        f"{wire.PREFIX}agent", url, failed.status, reason=failed.reason, required=True, own=True
    )
