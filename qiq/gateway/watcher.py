"""Host faults are looked at again by themselves; a proved repair is told to everyone once."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from qiq.desk import StoreUnavailable, Watch
from qiq.desk.alerts import REPAIR_PROOFS
from qiq.gateway.house import House
from qiq.gateway.recheck import Look, diagnosis_check, mended

__all__ = ["Watcher", "diagnosis_check"]

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LONGEST_PAUSE = 300.0
"""Nobody should wait for the good news longer than this after a repair."""
GROWTH = 1.5
QUICK_TRIES = 4
"""So many looks keep the first pause: most repairs are a restart away."""

Outcome = Literal["healthy", "broken", "unclear"]


@dataclass(frozen=True)
class Pause:
    """When to look again: the same for a while, then longer and longer, never in step."""

    first: float

    def after(self, tries: int, *, healthy: bool) -> float:
        """Seconds until the next look; a healthy one is confirmed soon."""
        if healthy:
            return min(2.0, self.first)
        grown = self.first * GROWTH ** max(0, tries - QUICK_TRIES)
        return min(LONGEST_PAUSE, grown) * random.uniform(0.8, 1.2)  # noqa: S311


class Watcher:
    """``look`` repeats the checks of a watch and says what it saw."""

    def __init__(self, house: House, look: Callable[[Watch], Awaitable[Look]]) -> None:
        self.house = house
        self.look = look
        self.pause = Pause(house.settings.desk.recheck_seconds)

    async def run(self) -> None:
        """For ever: due watches, then incidents whose faults are all repaired."""
        while True:
            try:
                watches = await asyncio.to_thread(self.house.desk.due_watches)
                await asyncio.gather(*(self.visit(watch) for watch in watches))
                await self.end_incidents()
            except StoreUnavailable as error:
                log.error("watcher: store not available (%s)", error)
            await asyncio.sleep(POLL_SECONDS)

    async def visit(self, watch: Watch) -> None:
        """One look at one fault."""
        seen = await self.look(watch)
        healthy = seen.outcome == "healthy"
        if healthy and watch.passes + 1 >= REPAIR_PROOFS:
            await self._repaired(watch, seen)
            return
        pause = self.pause.after(watch.tries, healthy=healthy)
        await asyncio.to_thread(
            self.house.desk.watch_again, watch.case_number, pause, healthy=healthy
        )

    async def _repaired(self, watch: Watch, seen: Look) -> None:
        desk, say = self.house.desk, self.house.say
        before = await asyncio.to_thread(desk.diagnoses, watch.case_number)
        what = mended(seen, [record.payload for record in before])
        text = (
            say("system.repaired", what=what, case=watch.case_number)
            if what
            else say("system.repaired_case", case=watch.case_number)
        )
        offers = [
            (say("system.reply_fine"), {"intent": "problem_solved", "entities": {}}),
            (say("system.reply_again"), {"intent": "problem_persists", "entities": {}}),
        ]
        buttons = await self.house.troubles.buttons(watch.conversation_id, offers)
        body = {"text": text, "buttons": buttons, "custom": None}
        told = await asyncio.to_thread(desk.repaired, watch.case_number, body)
        if told is not None:
            log.info("case %s: repair proved and told", watch.case_number)
            self.house.hub.wake(watch.conversation_id)

    async def end_incidents(self) -> None:
        """Incidents the bot opened end when the last of their faults is repaired."""
        desk, say = self.house.desk, self.house.say
        for incident in await asyncio.to_thread(desk.ended_incidents):
            text = say("system.incident_over_short")
            told = await asyncio.to_thread(
                desk.close_incident,
                incident.id,
                say("system.repaired_short"),
                "QiQ",
                {"text": text},
            )
            log.info("incident %s is over; %d more told", incident.id, len(told))
            for message in told:
                self.house.hub.wake(message.conversation_id)
