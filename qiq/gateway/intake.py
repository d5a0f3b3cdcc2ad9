"""A visitor's message on its way in: cleaned, redacted, stored with a number, owed an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qiq.desk import Desk, Message, StoreUnavailable
from qiq.gateway.spool import Kept, Spool
from qiq.text.clean import clean
from qiq.text.redact import redact

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Incoming:
    """What a channel hands in after it has verified the sender.

    ``key`` is the channel's own id of the message: the same one again is not stored again.
    ``press`` is what a button of ours means; ``text`` is then its title.
    """

    conversation_id: str
    text: str
    key: str
    press: Mapping[str, Any] | None = None
    ip: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """``message`` is None when the store was locked and the message is kept aside."""

    message: Message | None
    shortened: bool = False
    removed: tuple[str, ...] = ()


class Intake:
    """One for the process. ``on_stored`` wakes whoever answers."""

    def __init__(
        self, desk: Desk, spool: Spool, max_chars: int, on_stored: Callable[[Message], None]
    ) -> None:
        self.desk = desk
        self.spool = spool
        self.max_chars = max_chars
        self.on_stored = on_stored
        self._waiting: set[str] = {one.conversation_id for one in spool.kept()}
        self._lock = asyncio.Lock()

    async def accept(self, incoming: Incoming, *, answer: bool = True) -> Accepted:
        """Stores a message. It is safe on disk when this returns, whatever is broken."""
        shortened = len(incoming.text) > self.max_chars
        redacted = redact(clean(incoming.text, self.max_chars))
        body = {"text": redacted.text, "client_id": incoming.key, **incoming.extra}
        turn = {"press": incoming.press, "ip": incoming.ip} if answer else None
        kept = Kept(incoming.conversation_id, "message", body, f"v:{incoming.key}", turn or {})
        message = await self._store(kept)
        return Accepted(message, shortened, redacted.kinds)

    async def _store(self, kept: Kept) -> Message | None:
        if kept.conversation_id not in self._waiting:
            try:
                return await self._append(kept)
            except StoreUnavailable as error:
                log.error("store not available (%s): message kept aside", error)
        async with self._lock:  # order: whoever has something aside queues behind it
            await asyncio.to_thread(self.spool.keep, kept)
            self._waiting.add(kept.conversation_id)
        return None

    async def _append(self, kept: Kept) -> Message:
        message = await asyncio.to_thread(
            self.desk.append,
            kept.conversation_id,
            "visitor",
            "message",
            kept.body,
            key=kept.key,
            turn=kept.turn or None,
        )
        self.on_stored(message)
        return message

    async def run(self) -> None:
        """Moves what was kept aside into the desk as soon as it can be written."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if self._waiting:
                await self._move()

    async def _move(self) -> None:
        async with self._lock:
            waiting = await asyncio.to_thread(self.spool.kept)
            while waiting:
                try:
                    await self._append(waiting[0])
                except StoreUnavailable:
                    break
                except KeyError:
                    log.error("a kept message belongs to no conversation any more; dropped")
                waiting = waiting[1:]
            await asyncio.to_thread(self.spool.replace, waiting)
            self._waiting = {one.conversation_id for one in waiting}
        if not waiting:
            log.warning("store is back: kept messages are stored")
