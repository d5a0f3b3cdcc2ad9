"""Answering: one message of a conversation at a time, in order, whatever breaks in between."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from qiq.desk import Conversation, Desk, Message, StoreUnavailable, Turn
from qiq.desk.types import new_id
from qiq.gateway.hub import Hub
from qiq.gateway.rasa import Rasa, RasaFailed, Reply
from qiq.gateway.receipt_link import with_link
from qiq.gateway.troubles import Troubles
from qiq.knowledge import load as load_knowledge

log = logging.getLogger(__name__)

LEASE_SECONDS = 15.0
"""Renewed while a turn is at work: after so long the turn of a gateway that died is taken up."""
RENEW_SECONDS = 5.0
POLL_SECONDS = 0.5
LONGEST_PAUSE = 8.0
NUDGE_GRACE_SECONDS = 1.5
ASK_HUMAN = "ask_human"
GIVE_UP_TRIES = 4
"""A message that fails so often while Rasa itself answers goes to a person."""
OTHERS_SECONDS = 30.0
OTHERS_WORK_TRIES = 8
"""The same for one whose action fails or hangs while other talks are answered …"""
LONGEST_TRIES = 40
"""… and while nobody is: about five minutes. A Rasa that is down is waited for without end."""


class Turns:
    """One task for each conversation that is owed an answer."""

    def __init__(
        self,
        desk: Desk,
        rasa: Rasa,
        hub: Hub,
        troubles: Troubles,
        *,
        public_url: str | None = None,
    ) -> None:
        self.desk = desk
        self.public_url = public_url
        self.rasa = rasa
        self.hub = hub
        self.troubles = troubles
        self.owner = new_id("g")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._worked_at = -OTHERS_SECONDS
        self._over: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def kick(self, message: Message) -> None:
        """There is something to answer in this conversation."""
        self.hub.wake(message.conversation_id)
        self._start(message.conversation_id)

    def _start(self, conversation_id: str) -> None:
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id))
        self._tasks[conversation_id] = task
        task.add_done_callback(lambda _: self._done(conversation_id))

    def _done(self, conversation_id: str) -> None:
        task = self._tasks.pop(conversation_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a turn failed in the gateway itself", exc_info=error)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self._start(conversation_id)

    async def over(self, message_id: str, seconds: float) -> bool:
        """Waits until the turn of a message is over: answered, or the customer told why not."""
        event = self._over[message_id]  # before the look: an end in between is not missed
        try:
            if not await asyncio.to_thread(self.desk.turn_pending, message_id):
                return True
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._over.pop(message_id, None)
        return True

    def _is_over(self, message_id: str) -> None:
        if message_id in self._over:
            self._over[message_id].set()

    async def run(self) -> None:
        """Finds turns nobody works on: after a crash, or when a pause has ended."""
        while True:
            try:
                for conversation_id in await asyncio.to_thread(self.desk.waiting_turns):
                    if conversation_id not in self._tasks:
                        self._start(conversation_id)
            except StoreUnavailable:
                pass
            await asyncio.sleep(POLL_SECONDS)

    async def close(self) -> None:
        """Stops work and gives back what was leased."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(StoreUnavailable):
            await asyncio.to_thread(self.desk.release_turns, self.owner)

    async def _work(self, conversation_id: str) -> None:
        while True:
            try:
                turn = await asyncio.to_thread(
                    self.desk.take_turn, conversation_id, self.owner, LEASE_SECONDS
                )
                if turn is None or not await self._take(turn):
                    await self._behind(conversation_id)
                    return
            except StoreUnavailable as error:
                log.error("store not available during a turn (%s)", error)
                await self.troubles.store_failed(conversation_id)
                await asyncio.sleep(POLL_SECONDS)
                return

    async def _behind(self, conversation_id: str) -> None:
        """Messages behind one that could not be answered: their sender is told as well."""
        for message in await asyncio.to_thread(self.desk.behind_a_failure, conversation_id):
            await self.troubles.kept_too(message)
            self._is_over(message.id)

    async def _take(self, turn: Turn) -> bool:
        """True when the next message of the conversation may be taken."""
        message = turn.message
        conversation = await asyncio.to_thread(self.desk.conversation, message.conversation_id)
        assert conversation is not None
        if conversation.holder != "bot":
            await self.troubles.while_waiting(conversation, message)
            return await self._finish(message)
        at_work = asyncio.create_task(self._at_work(message))
        try:
            said = await self._ask(turn, conversation)
        except RasaFailed as error:
            return await self._failed(turn, error)
        finally:
            at_work.cancel()
        self._worked_at = time.monotonic()
        await self.troubles.part_works("rasa")
        await self.troubles.store_works()
        if not said:
            await self.troubles.silent(message)
        return await self._finish(message)

    async def _at_work(self, message: Message) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(StoreUnavailable):
                await asyncio.to_thread(self.desk.renew_turn, message.id, self.owner, LEASE_SECONDS)

    async def _finish(self, message: Message) -> bool:
        await asyncio.to_thread(self.desk.finish_turn, message.id)
        self.hub.wake(message.conversation_id)
        self._is_over(message.id)
        return True

    async def _ask(self, turn: Turn, conversation: Conversation) -> int:
        """Asks Rasa and stores each reply as it comes. Returns how many there were."""
        message = turn.message
        earlier = await self._said_before(turn)
        nudge = asyncio.create_task(self._nudge(message))
        self.hub.pass_on(message.conversation_id, {"type": "typing", "on": True})
        count = 0
        try:
            body = await self._body(turn, conversation)
            async for reply in self.rasa.turn(body):
                nudge.cancel()
                if turn.tries and not count:
                    await self.troubles.late(message)
                count += 1
                if _mark(reply.text, reply.custom) not in earlier:
                    await self._keep(message, reply, f"{turn.tries}.{count}")
                nudge = asyncio.create_task(self._nudge(message))
        finally:
            nudge.cancel()
            self.hub.pass_on(message.conversation_id, {"type": "typing", "on": False})
        return count

    async def _nudge(self, message: Message) -> None:
        await self.troubles.nudge(message)
        # Whoever waits for the end of the turn (the REST shape) has waited long enough.
        await asyncio.sleep(NUDGE_GRACE_SECONDS)
        self._is_over(message.id)

    async def _said_before(self, turn: Turn) -> set[str]:
        """What an interrupted try of this turn already said; the same is not said again."""
        later = await asyncio.to_thread(
            self.desk.history, turn.message.conversation_id, turn.message.seq
        )
        return {
            _mark(one.body["text"], one.body.get("custom"))
            for one in later
            if one.author == "bot" and one.body.get("turn") == turn.message.id
        }

    async def _body(self, turn: Turn, conversation: Conversation) -> dict[str, Any]:
        verified = await asyncio.to_thread(self.desk.verified_domains, conversation.id)
        visitor = {
            "id": conversation.visitor,
            "ip": turn.ip,
            "verified_domains": list(verified),
            "country": conversation.country or _country_of(conversation.address),
        }
        return {
            "conversation": conversation.id,
            "message": turn.message.id,
            "text": turn.message.body["text"],
            "press": turn.press,
            "metadata": {
                "channel": conversation.channel,
                "visitor": visitor,
                "page": conversation.page,
            },
        }

    async def _keep(self, message: Message, reply: Reply, mark: str) -> None:
        """Stores a reply; while the store is locked, holds on to it."""
        for _ in range(5):
            try:
                await asyncio.to_thread(self._store, message, reply, mark)
            except StoreUnavailable:
                await self.troubles.store_failed(message.conversation_id)
                continue
            self.hub.wake(message.conversation_id)
            return
        raise StoreUnavailable("reply")

    def _store(self, message: Message, reply: Reply, mark: str) -> None:
        key = f"r:{message.id}:{mark}"
        issued = self.desk.issue_buttons(message.conversation_id, reply.buttons)
        body = {
            "text": reply.text,
            "buttons": [{"id": one.id, "title": one.title} for one in issued],
            "custom": with_link(self.desk, reply.custom, self.public_url),
            "turn": message.id,
        }
        self.desk.append(message.conversation_id, "bot", "message", body, key=key)

    def _hopeless(self, turn: Turn, error: RasaFailed) -> bool:
        """Whether asking again is not worth it: the message itself seems to be the trouble."""
        if error.reason == "refused":
            return True
        tries = turn.tries + 1
        if not error.worth_waiting:
            return tries >= GIVE_UP_TRIES
        others_work = time.monotonic() - self._worked_at < OTHERS_SECONDS
        patience = OTHERS_WORK_TRIES if others_work else LONGEST_TRIES
        return error.reason != "down" and tries >= patience

    async def _failed(self, turn: Turn, error: RasaFailed) -> bool:
        message = turn.message
        log.error("message %s not answered: %s (try %d)", message.id, error.reason, turn.tries)
        if (turn.press or {}).get("intent") == ASK_HUMAN:
            await self.troubles.person_instead(message)
            return await self._finish(message)
        if self._hopeless(turn, error):
            await self.troubles.give_up(message, error.reason)
            return await self._finish(message)
        await self.troubles.part_failed(turn, error.reason)
        pause = min(LONGEST_PAUSE, 0.5 * 2**turn.tries) * random.uniform(0.8, 1.2)  # noqa: S311
        await asyncio.to_thread(self.desk.postpone_turn, message.id, pause, told=True)
        self.hub.wake(message.conversation_id)
        self._is_over(message.id)
        return False


def _mark(text: str, custom: Mapping[str, Any] | None) -> str:
    kind = (custom or {}).get("type", "")
    return f"{kind}\n{text}"


def _country_of(address: str) -> str | None:
    """Of a messenger's address that is a telephone number; the number itself stays here."""
    return load_knowledge().countries.of_number(address) or None if "+" in address else None
