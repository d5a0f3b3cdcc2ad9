"""Looks after talks that stand still: staff are told, and told again while nothing moves."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from qiq.desk import StoreUnavailable
from qiq.desk.stuck import KEY, Stuck
from qiq.gateway.house import House

log = logging.getLogger(__name__)

POLL_SECONDS = 15.0


class Watchman:
    """``stuck_minutes`` of the settings is both the patience and the pause between two alerts."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.minutes = house.settings.desk.stuck_minutes

    async def run(self) -> None:
        """Looks for ever."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except StoreUnavailable as error:
                log.error("watchman: store not available (%s)", error)
            await asyncio.sleep(POLL_SECONDS)

    def look(self) -> None:
        """One look: new ones are told, old ones again, what moves again is ended.

        Nobody is called while the desk is closed, or for what staff have put off themselves.
        """
        desk = self.house.desk
        stuck = {one.key: one for one in desk.stuck(self.minutes) if not self._put_off(one)}
        told = [alert for alert in desk.open_alerts() if alert.kind == "stuck"]
        known = {f"{KEY}{alert.conversation_id}": alert for alert in told}
        for key in known.keys() - stuck.keys():
            desk.end_alert(key)
        if not desk.hours.open_at(desk.now()):
            return
        again = desk.now() - timedelta(minutes=self.minutes)
        for key, one in stuck.items():
            if key not in known:
                self._tell(one)
            elif known[key].at <= again:
                desk.tell_again(known[key].id)

    def _put_off(self, stuck: Stuck) -> bool:
        post = self.house.desk.post(f"c:{stuck.conversation_id}")
        until = post.snoozed_until if post else None
        return until is not None and until > self.house.desk.now()

    def _tell(self, stuck: Stuck) -> None:
        desk = self.house.desk
        cases = desk.cases_of(stuck.conversation_id)
        desk.raise_alert(
            "stuck",
            self.house.say(f"staff.stuck.{stuck.why}", since=f"{stuck.since:%H:%M} UTC"),
            key=stuck.key,
            case_number=cases[-1].number if cases else None,
            conversation_id=stuck.conversation_id,
        )
