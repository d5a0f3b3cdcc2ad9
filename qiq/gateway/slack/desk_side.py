"""What staff do, done to the desk: claim, reply, resolve, snooze, ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from qiq.desk import Desk
from qiq.desk.channels import Post
from qiq.desk.model import Incident
from qiq.desk.staff import Staff, Taken
from qiq.gateway.hub import Hub
from qiq.gateway.slack.looking import Diagnosed, Looking, Wanted
from qiq.gateway.widget.files import NotAPicture
from qiq.gateway.words import Say
from qiq.settings import Settings
from qiq.text.clean import clean

SNOOZE = timedelta(hours=1)
LONGEST_REPLY = 3000
KeepPicture = Callable[[str, bytes], Mapping[str, Any] | None]
"""``(conversation, bytes)`` → the ``custom`` part of a message, or None when it is no picture."""
RESOLVED = "resolved_by_staff"


@dataclass(frozen=True)
class StaffDesk:
    """One for the process; every method may be called twice without harm."""

    desk: Desk
    hub: Hub
    say: Say
    settings: Settings
    state: Path
    looking: Looking
    keep_picture: KeepPicture

    def staff(self, name: str) -> Staff:
        """A person at the desk: what they do is the same as from the command line."""
        return Staff(self.desk, name, self.say)

    async def claim(self, conversation_id: str, name: str) -> str | None:
        """None when it is theirs now; else the name of whoever has it."""
        return await self._do(conversation_id, self.staff(name).claim)

    async def release(self, conversation_id: str, name: str) -> None:
        await self._do(conversation_id, self.staff(name).release)

    async def reply(
        self, conversation_id: str, name: str, text: str, key: str, picture: bytes | None = None
    ) -> str | None:
        """Writes to the customer, once for ``key``. Whoever replies has the talk from then on.

        None when sent; else the name of whoever has the talk. Raises ``NotAPicture``.
        """
        custom = None
        if picture is not None:
            # Nothing is kept for a talk that is somebody else's.
            if (other := await self.claim(conversation_id, name)) is not None:
                return other
            custom = await asyncio.to_thread(self.keep_picture, conversation_id, picture)
            if custom is None:
                raise NotAPicture
        words = clean(text, LONGEST_REPLY)
        reply = partial(self.staff(name).reply, text=words, key=f"slack:{key}", custom=custom)
        return await self._do(conversation_id, reply)

    async def resolve(self, conversation_id: str, name: str) -> None:
        await asyncio.to_thread(self.desk.end_alerts_of, conversation_id, name)
        await self._do(conversation_id, partial(self.staff(name).resolve, outcome=RESOLVED))

    async def _do(self, conversation_id: str, what: Callable[[str], object]) -> str | None:
        try:
            await asyncio.to_thread(what, conversation_id)
        except Taken as error:
            return error.staff
        self.hub.wake(conversation_id)
        return None

    async def snooze(self, key: str) -> datetime:
        until = self.desk.now() + SNOOZE
        await asyncio.to_thread(self.desk.change_post, key, snoozed_until=until)
        return until

    async def recheck(self, conversation_id: str, user: str) -> Diagnosed | None:
        """The newest case's checks again; None when there was no diagnosis."""
        case = await asyncio.to_thread(self.staff("").case_of, conversation_id)
        if case is None or not case.domain:
            return None
        found = await asyncio.to_thread(self.desk.diagnoses, case)
        service = found[-1].payload.get("subject", {}).get("service", "all") if found else "all"
        return await self.looking.inspect(Wanted(case.domain, service, by=user))

    async def post_of(self, conversation_id: str) -> Post | None:
        """Where a talk is shown in Slack."""
        return await asyncio.to_thread(self.desk.post, f"c:{conversation_id}")

    async def close_incident(self, incident_id: str, text: str, name: str) -> int | None:
        """How many customers were told; None when there is no such open incident."""
        incident = await self.open_incident(incident_id)
        if incident is None:
            return None
        words = self.say("system.incident_over", text=text)
        told = await asyncio.to_thread(
            self.desk.close_incident, incident.id, text, name, {"text": words}
        )
        for message in told:
            self.hub.wake(message.conversation_id)
        return len(told)

    async def open_incident(self, incident_id: str) -> Incident | None:
        found = await asyncio.to_thread(self.desk.open_incidents)
        return next((one for one in found if one.id == incident_id.strip()), None)
