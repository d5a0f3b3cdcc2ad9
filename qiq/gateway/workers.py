"""What runs beside the requests. One that fails is logged and started again, never lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from qiq.desk.counting import together
from qiq.gateway.channel import Channel
from qiq.gateway.delivery import Delivery
from qiq.gateway.house import House
from qiq.gateway.upkeep import Upkeep
from qiq.gateway.watcher import Watcher, diagnosis_check
from qiq.gateway.watchman import Watchman

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0


def start(house: House, channels: Sequence[Channel]) -> list[asyncio.Task[None]]:
    """Starts every worker."""
    jobs: dict[str, Callable[[], Awaitable[None]]] = {
        "hub": house.hub.run,
        "turns": house.turns.run,
        "intake": house.intake.run,
        "delivery": Delivery(house, channels).run,
        "watcher": Watcher(
            house, diagnosis_check(house.settings, together(lambda: house.desk))
        ).run,
        "watchman": Watchman(house).run,
        "upkeep": Upkeep(house).run,
    }
    return [asyncio.create_task(_keep_going(name, job)) for name, job in jobs.items()]


async def _keep_going(name: str, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await job()
        except Exception:  # the one guard: a bug in a worker must not end it for good
            log.exception("worker %s failed; it starts again", name)
        await asyncio.sleep(PAUSE_SECONDS)
