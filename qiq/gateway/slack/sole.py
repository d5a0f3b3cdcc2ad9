"""Of several gateways on one database, one writes to Slack."""

from __future__ import annotations

import asyncio
import contextlib
import time

from qiq.desk import Desk, StoreUnavailable
from qiq.desk.types import new_id

NAME = "slack"
LEASE_SECONDS = 30.0
"""So long after a gateway died another one goes on."""
RENEW_SECONDS = 5.0


class Sole:
    """Renewed between two messages: one that Slack keeps waiting is still well within it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.owner = new_id("g")
        self._renew_at = 0.0

    async def holds(self) -> bool:
        """Whether this gateway is the one."""
        if time.monotonic() < self._renew_at:
            return True
        asked_at = time.monotonic()
        mine = await asyncio.to_thread(self.desk.lease, NAME, self.owner, LEASE_SECONDS)
        self._renew_at = asked_at + RENEW_SECONDS if mine else 0.0
        return mine

    async def give_back(self) -> None:
        """At an orderly end; one that cannot say so is waited for."""
        self._renew_at = 0.0
        with contextlib.suppress(StoreUnavailable):
            await asyncio.to_thread(self.desk.give_back, NAME, self.owner)
