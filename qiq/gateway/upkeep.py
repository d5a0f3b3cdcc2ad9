"""The retention clock: conversations end after the time the host has set."""

from __future__ import annotations

import asyncio
import logging

from qiq.desk import StoreUnavailable
from qiq.desk.tracker import Tracker
from qiq.gateway.house import House

log = logging.getLogger(__name__)

EVERY_SECONDS = 3600.0
BATCH = 200


class Upkeep:
    """Runs once an hour, in small transactions, so that nobody waits for it."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def run(self) -> None:
        """Deletes what is older than ``desk.retention_days``, with its pictures."""
        while True:
            try:
                count = await asyncio.to_thread(self.expire)
            except StoreUnavailable:
                count = 0
            if count:
                log.info("%d old conversations deleted", count)
            await asyncio.sleep(EVERY_SECONDS)

    def expire(self) -> int:
        """One pass over all that grows old. Returns how many conversations went."""
        days = self.house.settings.desk.retention_days
        self.house.desk.forget_counted()
        gone = 0
        tracker = self.house.places.tracker_url
        while ids := self.house.desk.expired(days, BATCH):
            if tracker:
                Tracker(tracker).forget(ids)
            for conversation_id in ids:
                for path in self.house.desk.delete_conversation(conversation_id):
                    (self.house.places.state / path).unlink(missing_ok=True)
                gone += 1
        self.house.desk.forget_unknown_after(days)
        return gone
