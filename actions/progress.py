"""Progress of the checks, passed to the gateway as each ends; not waited for, not stored."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from rasa_sdk import Tracker

from qiq.checks.model import CheckResult
from qiq.diagnosis import progress_line

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
MOST = 64

Report = Callable[[CheckResult], None]


@asynccontextmanager
async def reporter(tracker: Tracker) -> AsyncIterator[Report | None]:
    """A function that takes results and returns at once; None when there is no gateway."""
    url = os.environ.get("QIQ_GATEWAY_INTERNAL_URL")
    if not url:
        yield None
        return
    queue: asyncio.Queue[CheckResult] = asyncio.Queue(MOST)
    sender = asyncio.create_task(_send(queue, url, _frame(tracker)))

    def report(result: CheckResult) -> None:
        if not queue.full():
            queue.put_nowait(result)

    try:
        yield report
    finally:
        sender.cancel()


def _frame(tracker: Tracker) -> dict[str, Any]:
    message = (tracker.latest_message or {}).get("message_id")
    return {"conversation": tracker.sender_id, "message": message}


async def _send(queue: asyncio.Queue[CheckResult], url: str, frame: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {os.environ.get('QIQ_INTERNAL_TOKEN', '')}"}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client:
        while True:
            body = {**frame, "check": progress_line(await queue.get())}
            try:
                await client.post(f"{url}/internal/progress", json=body, headers=headers)
            except httpx.HTTPError as error:
                log.info("progress could not be passed on (%s)", type(error).__name__)
                return
