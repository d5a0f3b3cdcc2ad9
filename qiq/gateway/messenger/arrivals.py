"""Messages of a messenger on their way in: every one is stored once and answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from qiq.desk import Conversation, Desk
from qiq.gateway.intake import Incoming as Note
from qiq.gateway.messenger.fit import chosen
from qiq.gateway.messenger.model import Button, Incoming, Kind
from qiq.gateway.reception import Reception, Taken
from qiq.gateway.words import Say

log = logging.getLogger(__name__)

Fetch = Callable[[str], Awaitable[bytes | None]]
"""Fetches a picture from the platform by what ``Incoming.media`` says; None when it cannot."""

KeepPicture = Callable[[Conversation, bytes], Awaitable[Mapping[str, Any] | None]]
"""Checks, re-encodes and keeps a picture; its ``custom`` part, or None when it is not a picture."""

LOOK_BACK = 30
PICTURE = "fetch_picture"
"""The kind of an outbox item that is a picture to be fetched, not a message to be sent."""


class Arrivals:
    """One for each platform. ``take`` returns when all is stored; the talk goes on afterwards."""

    def __init__(
        self,
        channel: str,
        desk: Desk,
        reception: Reception,
        say: Say,
        fetch: Fetch,
        keep_picture: KeepPicture,
    ) -> None:
        self.channel = channel
        self.desk = desk
        self.reception = reception
        self.say = say
        self.fetch = fetch
        self.keep_picture = keep_picture

    async def take(self, batch: Sequence[Incoming]) -> None:
        """Every message of a batch, in order. Raises ``StoreUnavailable`` before any is lost."""
        for message in batch:
            if message.kind is Kind.ECHO:
                await asyncio.to_thread(self.desk.first_sight, message.key)
                continue
            conversation = await asyncio.to_thread(
                self.desk.open_conversation, self.channel, message.address
            )
            await self._take(conversation, message)

    async def _take(self, conversation: Conversation, message: Incoming) -> None:
        key = f"{self.channel}:{message.key}"
        if message.kind is Kind.STOP:
            await self._stop(conversation, key)
            return
        await asyncio.to_thread(self.desk.opt_in, self.channel, message.address)
        if message.kind is Kind.IMAGE:
            await self._picture(conversation, message, key)
        elif message.kind in (Kind.VOICE, Kind.OTHER):
            word = "messenger.voice" if message.kind is Kind.VOICE else "messenger.other"
            await self._note(conversation, f"{word}_note", key)
            await self._tell(conversation, word, key)
        elif message.kind is Kind.START:
            await self._text(conversation, self.say("messenger.start_means"), key)
        else:
            await self._words(conversation, message, key)

    async def _words(self, conversation: Conversation, message: Incoming, key: str) -> None:
        button = message.button
        if button is None:
            offered = await asyncio.to_thread(self._offered, conversation.id)
            meant = chosen(message.text, offered)
            button = meant.id if meant else None
        if button is None:
            await self._text(conversation, message.text, key)
            return
        taken = await self.reception.press(conversation, button, key, None)
        if taken.error and message.text:  # an old button: its title still says what is meant
            await self._text(conversation, message.text, key)

    async def _text(self, conversation: Conversation, text: str, key: str) -> None:
        taken: Taken = await self.reception.message(conversation, text, key, None)
        if taken.error:
            await self._tell(conversation, taken.error, key)

    def _offered(self, conversation_id: str) -> tuple[Button, ...]:
        """Buttons of our newest message that had some, unless the customer wrote since."""
        for message in reversed(self.desk.history(conversation_id, limit=LOOK_BACK)):
            if message.author == "visitor":
                return ()
            if message.body.get("buttons"):
                return tuple(Button(b["id"], b["title"]) for b in message.body["buttons"])
        return ()

    async def _picture(self, conversation: Conversation, message: Incoming, key: str) -> None:
        # The platform waits for its answer: the picture is fetched afterwards, by the outbox.
        todo = {"kind": PICTURE, "media": message.media, "key": key}
        await asyncio.to_thread(
            self.desk.enqueue, self.channel, conversation.address, todo, f"picture:{key}"
        )
        if message.text:
            await self._text(conversation, message.text, f"{key}:caption")

    async def fetch_picture(self, address: str, todo: Mapping[str, Any]) -> None:
        """A picture that was announced; kept with the talk, or its sender is told why not."""
        conversation = await asyncio.to_thread(self.desk.open_conversation, self.channel, address)
        key = str(todo["key"])
        found = await self.fetch(str(todo["media"])) if todo.get("media") else None
        custom = await self.keep_picture(conversation, found) if found else None
        if custom is None:
            await self._note(conversation, "messenger.picture_note", key)
            await self._tell(conversation, "messenger.bad_picture", key)
        else:
            await self.reception.file(conversation, f"{key}:file", custom)

    async def _stop(self, conversation: Conversation, key: str) -> None:
        await self._note(conversation, "messenger.stop_note", key)
        # Said before the door closes; the platform may swallow it, which is fine.
        await self._tell(conversation, "messenger.stopped", key, last=True)
        await asyncio.to_thread(self.desk.opt_out, self.channel, conversation.address)

    async def _note(self, conversation: Conversation, word: str, key: str) -> None:
        """What cannot be shown is noted in the talk: staff see it, and the customer was here."""
        note = Note(conversation.id, self.say(word), key)
        await self.reception.intake.accept(note, answer=False)

    async def _tell(
        self, conversation: Conversation, word: str, key: str, *, last: bool = False
    ) -> None:
        body = {"last": True} if last else {}
        await self.reception.troubles.tell(conversation.id, self.say(word), f"said:{key}", **body)
