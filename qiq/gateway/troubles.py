"""What the customer and the staff are told when a part fails or nobody can answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qiq.desk import Conversation, Desk, Handover, Message, StoreUnavailable, Turn
from qiq.gateway.hub import Hub
from qiq.gateway.words import Say

log = logging.getLogger(__name__)

MOST_COUNTED = 200
"""Events looked at for "so many messages wait": a long talk costs no more than a short one."""

NUDGE_SECONDS = 7.0
"""Silence after which the customer is told that it is still going on; 10 s are promised."""

PART_OF = {"action_server": "action server"}


class Troubles:
    """Everything here is said once: keys make it so, even over a restart."""

    def __init__(
        self, desk: Desk, hub: Hub, say: Say, *, nudge_seconds: float = NUDGE_SECONDS
    ) -> None:
        self.desk = desk
        self.hub = hub
        self.say = say
        self.nudge_seconds = nudge_seconds
        self._down: set[str] = set()
        self._store_told: set[str] = set()
        self._logged: set[str] = set()
        self._checked_alerts = False

    async def tell(self, conversation_id: str, text: str, key: str, **body: Any) -> Message:
        """Says one system sentence in a conversation, once for its ``key``."""
        message = await asyncio.to_thread(
            self.desk.append,
            conversation_id,
            "system",
            "message",
            {"text": text, **body},
            key=key,
        )
        self.hub.wake(conversation_id)
        return message

    async def nudge(self, message: Message) -> None:
        """After some silence within a turn, a sentence; cancelled when an answer came."""
        await asyncio.sleep(self.nudge_seconds)
        try:
            await self.tell(
                message.conversation_id,
                self.say("system.still_working"),
                f"nudge:{message.id}",
            )
        except StoreUnavailable:
            await self.store_failed(message.conversation_id)

    async def late(self, message: Message) -> None:
        """Before an answer that had to wait."""
        await self.tell(
            message.conversation_id, self.say("system.late_answer"), f"late:{message.id}"
        )

    async def silent(self, message: Message) -> None:
        """Rasa said that all is well, and nothing else."""
        log.error("message %s: an empty answer", message.id)
        await self._staff("silence", message.id, "staff.gave_up", reason="empty answer")
        buttons = await self._human_button(message.conversation_id)
        await self.tell(
            message.conversation_id,
            self.say("system.no_answer"),
            f"silent:{message.id}",
            buttons=buttons,
        )

    async def part_failed(self, turn: Turn, reason: str) -> None:
        """The customer and, once for each outage, a person are told."""
        message = turn.message
        part = PART_OF.get(reason, "Rasa")
        self._down.add("rasa")
        await self._staff("part_down", "rasa", "staff.part_down", part=part, reason=reason)
        if turn.told:
            return
        await self.tell(
            message.conversation_id, self.say("system.trouble"), f"trouble:{message.id}"
        )

    async def kept_too(self, message: Message) -> None:
        """One more message behind one that could not be answered."""
        count = await asyncio.to_thread(self.desk.pending_turns, message.conversation_id)
        text = self.say("system.kept_too", count=str(count))
        await self.tell(message.conversation_id, text, f"trouble:{message.id}")

    async def part_works(self, part: str) -> None:
        """Ends the outage: staff see it, the next one is told anew."""
        if part in self._down or not self._checked_alerts:
            self._checked_alerts = True
            self._down.discard(part)
            self._logged.clear()
            if await asyncio.to_thread(self.desk.end_alert, f"part_down:{part}"):
                log.warning("%s works again", part)

    async def give_up(self, message: Message, reason: str) -> None:
        """The message cannot be answered by the bot: a person gets it."""
        await asyncio.to_thread(
            self.desk.hand_over,
            message.conversation_id,
            "bot_failed",
            self.say("staff.gave_up", reason=reason),
        )
        await self.tell(
            message.conversation_id, self.say("system.gave_up"), f"gave_up:{message.id}"
        )

    async def person_instead(self, message: Message) -> None:
        """The customer asked for a person and the bot cannot even arrange that: done here."""
        conversation = await asyncio.to_thread(self.desk.conversation, message.conversation_id)
        assert conversation is not None
        words = self.say("system.handover_fallback")
        await asyncio.to_thread(self.desk.hand_over, conversation.id, "asked", words)
        await self.while_waiting(replace(conversation, holder="waiting"), message)

    async def store_failed(self, conversation_id: str) -> None:
        """Nothing can be written, so whoever is connected is told without a number."""
        if conversation_id in self._store_told:
            return
        self._store_told.add(conversation_id)
        log.error("staff: the store cannot be written; messages are kept aside")
        self.hub.pass_on(
            conversation_id,
            {"type": "error", "code": "store", "text": self.say("system.store_locked")},
        )

    async def store_works(self) -> None:
        """The store is back: the outage is put on record for staff."""
        if self._store_told:
            self._store_told.clear()
            await self._staff(
                "part_down", "store", "staff.part_down", part="store", reason="locked"
            )
            await asyncio.to_thread(self.desk.end_alert, "part_down:store")

    async def while_waiting(self, conversation: Conversation, message: Message) -> None:
        """While nobody has taken the talk yet: what was typed is kept, and how to go back."""
        if conversation.holder != "waiting":
            return
        handover = await asyncio.to_thread(self.desk.handover, conversation.id)
        if handover is None:
            return
        count = await asyncio.to_thread(self._typed_while_waiting, conversation.id)
        buttons = await self._back_button(conversation.id)
        text = self._place_in_queue(handover)
        if count > 1:
            text = self.say("system.waiting_kept", count=str(count))
        away = not handover.open_now or not handover.today
        custom = {"type": "contact_form"} if away and count <= 1 else None
        await self.tell(
            conversation.id, text, f"waiting:{message.id}", buttons=buttons, custom=custom
        )

    def _place_in_queue(self, handover: Handover) -> str:
        place = str(handover.position)
        if not handover.open_now:
            return self.say("system.offline", opens=self._opens())
        if not handover.today:
            return self.say("system.waiting_not_today", position=place)
        if handover.wait_minutes is None:
            return self.say("system.waiting_long", position=place)
        return self.say("system.waiting", position=place, minutes=str(handover.wait_minutes))

    def _opens(self) -> str:
        hours = self.desk.hours
        days = f"{hours.days[0].title()} to {hours.days[-1].title()}" if hours.days else ""
        return f"{days}, {hours.opens} to {hours.closes} ({hours.timezone})"

    def _typed_while_waiting(self, conversation_id: str) -> int:
        count = 0
        for one in reversed(self.desk.history(conversation_id, limit=MOST_COUNTED)):
            if one.kind == "state":
                break
            count += one.author == "visitor"
        return count

    async def _back_button(self, conversation_id: str) -> list[Mapping[str, str]]:
        return await self.buttons(
            conversation_id, [(self.say("system.back_to_bot"), {"gateway": "bot"})]
        )

    async def _human_button(self, conversation_id: str) -> list[Mapping[str, str]]:
        return await self.buttons(
            conversation_id, [(self.say("system.human_title"), {"gateway": "human"})]
        )

    async def buttons(
        self, conversation_id: str, offers: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> list[Mapping[str, str]]:
        """Issues buttons and returns them as an event shows them."""
        issued = await asyncio.to_thread(self.desk.issue_buttons, conversation_id, offers)
        return [{"id": one.id, "title": one.title} for one in issued]

    async def _staff(self, kind: str, what: str, text: str, **args: str) -> None:
        words = self.say(text, **args)
        if words not in self._logged:  # an outage is one line, however many messages it holds up
            self._logged.add(words)
            log.error("staff: %s", words)
        await asyncio.to_thread(self.desk.raise_alert, kind, words, key=f"{kind}:{what}")
