"""What a visitor can do, whatever the channel: type, press, ask for a person, go back, rate."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qiq.desk import Conversation, Desk, Message
from qiq.gateway.hub import Hub
from qiq.gateway.intake import Accepted, Incoming, Intake
from qiq.gateway.reading import Reader
from qiq.gateway.troubles import Troubles
from qiq.gateway.verify.conversation import Verification
from qiq.gateway.words import Say


@dataclass(frozen=True)
class Taken:
    """``seq`` is None while the store is locked (the message is kept); ``error`` names a key of
    the wording when it was not taken at all."""

    message: Message | None = None
    kept: bool = False
    error: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def seq(self) -> int | None:
        return self.message.seq if self.message else None


class Reception:
    """Channels verify who is there and hand in what they want."""

    def __init__(
        self,
        desk: Desk,
        intake: Intake,
        troubles: Troubles,
        hub: Hub,
        say: Say,
        verification: Verification,
        brand: str,
        reader: Reader | None = None,
    ) -> None:
        self.reader = reader
        self._reading: set[asyncio.Task[None]] = set()
        self.desk = desk
        self.intake = intake
        self.troubles = troubles
        self.hub = hub
        self.say = say
        self.verification = verification
        self.brand = brand

    async def message(
        self, conversation: Conversation, text: str, key: str, ip: str | None
    ) -> Taken:
        """Something was typed."""
        if not text.strip():
            return Taken(error="system.empty")
        if await self.verification.takes(conversation, text, key, ip):
            return Taken(await self._own(conversation.id, key))
        accepted = await self.intake.accept(Incoming(conversation.id, text, key, ip=ip))
        await self._remarks(accepted)
        return Taken(accepted.message, kept=accepted.message is None)

    async def _own(self, conversation_id: str, key: str) -> Message | None:
        later = await asyncio.to_thread(self.desk.history, conversation_id, 0, 20)
        return next((m for m in later if m.body.get("client_id") == key), None)

    async def _remarks(self, accepted: Accepted) -> None:
        message = accepted.message
        if message is None or not message.new:
            return
        if accepted.removed:
            text = self.say("system.removed", brand=self.brand)
            await self.troubles.tell(message.conversation_id, text, f"removed:{message.id}")
        if accepted.shortened:
            text = self.say("system.shortened", chars=str(self.intake.max_chars))
            await self.troubles.tell(message.conversation_id, text, f"shortened:{message.id}")

    async def press(
        self, conversation: Conversation, button_id: str, key: str, ip: str | None
    ) -> Taken:
        """A button was pressed: only one that was issued to this conversation does anything."""
        button = await asyncio.to_thread(self.desk.button, conversation.id, button_id)
        if button is None:
            return Taken(error="system.unknown_button")
        own = button.press.get("gateway") or _of_dialogue(button.press)
        if own == "bot":
            return await self.bot(conversation, key, title=button.title)
        if own == "human":
            return await self.human(conversation, key, ip)
        if own == "verify":
            return await self.verify(conversation, key, button.title)
        if own == "read":
            return await self.message(conversation, str(button.press["text"]), key, ip)
        return await self._accept(
            Incoming(conversation.id, button.title, key, press=button.press or None, ip=ip)
        )

    async def _accept(self, incoming: Incoming, *, answer: bool = True) -> Taken:
        accepted = await self.intake.accept(incoming, answer=answer)
        return Taken(accepted.message, kept=accepted.message is None)

    async def human(self, conversation: Conversation, key: str, ip: str | None) -> Taken:
        """A person is wanted: the dialogue arranges it, with a summary of what it knows."""
        return await self._accept(
            Incoming(
                conversation.id,
                self.say("system.human_title"),
                key,
                press={"intent": "ask_human", "entities": {}},
                ip=ip,
            )
        )

    async def bot(self, conversation: Conversation, key: str, title: str | None = None) -> Taken:
        """Back to the bot, from waiting or from a person."""
        text = title or self.say("system.back_to_bot")
        taken = await self._accept(Incoming(conversation.id, text, key), answer=False)
        if taken.message and taken.message.new:
            await asyncio.to_thread(self.desk.back_to_bot, conversation.id)
            await self.troubles.tell(
                conversation.id, self.say("system.back_with_bot"), f"back:{taken.message.id}"
            )
        return taken

    async def verify(self, conversation: Conversation, key: str, title: str | None = None) -> Taken:
        """The customer wants to prove who they are."""
        text = title or self.say("verify.title")
        taken = await self._accept(Incoming(conversation.id, text, key), answer=False)
        if taken.message and taken.message.new:
            await self.verification.begin(conversation)
        return taken

    async def rating(self, conversation: Conversation, key: str, stars: int) -> Taken:
        """Stars for the newest case of the talk."""
        if not 1 <= stars <= 5:
            return Taken(error="system.bad_frame")
        message = await asyncio.to_thread(
            self.desk.append,
            conversation.id,
            "visitor",
            "message",
            {"text": "★" * stars, "client_id": key, "stars": stars},
            key=f"v:{key}",
        )
        if message.new:
            cases = await asyncio.to_thread(self.desk.cases_of, conversation.id)
            if cases:
                await asyncio.to_thread(self.desk.rate, cases[-1], stars)
            await self.troubles.tell(
                conversation.id, self.say("system.rated"), f"rated:{message.id}"
            )
        return Taken(message)

    async def file(self, conversation: Conversation, key: str, custom: Mapping[str, Any]) -> Taken:
        """A picture that was uploaded before belongs to the talk now."""
        incoming = Incoming(conversation.id, "", key, extra={"custom": dict(custom)})
        taken = await self._accept(incoming, answer=False)
        if taken.message and taken.message.new and conversation.holder == "bot":
            said = "picture.trying" if self.reader else "system.file_received"
            await self.troubles.tell(conversation.id, self.say(said), f"file:{taken.message.id}")
            if self.reader:
                self._read(self.reader, taken.message, str(custom["name"]))
        return taken

    def _read(self, reader: Reader, message: Message, name: str) -> None:
        """In the background: reading takes a second or more."""

        async def read() -> None:
            self.hub.pass_on(message.conversation_id, {"type": "typing", "on": True})
            try:
                found = await reader.read(name)
                await self._read_out(message, found)
            finally:
                self.hub.pass_on(message.conversation_id, {"type": "typing", "on": False})

        task = asyncio.create_task(read())
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read_out(self, message: Message, found: str | None) -> None:
        talk, key = message.conversation_id, f"read:{message.id}"
        if found is None:
            await self.troubles.tell(talk, self.say("picture.nothing"), key)
            return
        # What a machine read is a guess: it counts only once the visitor has said so.
        offer = (self.say("picture.right"), {"gateway": "read", "text": found})
        buttons = await self.troubles.buttons(talk, [offer])
        await self.troubles.tell(talk, self.say("picture.read", text=found), key, buttons=buttons)

    async def contact(self, conversation: Conversation, key: str, email: str, when: str) -> Taken:
        """The offline form: where and when an answer is welcome."""
        if not 3 <= len(email) <= 254 or "@" not in email or any(c.isspace() for c in email):
            return Taken(error="system.bad_email")
        text = f"{email} {when}".strip()
        taken = await self._accept(Incoming(conversation.id, text, key), answer=False)
        await asyncio.to_thread(
            self.desk.leave_contact, conversation.id, {"email": email, "when": when[:200]}
        )
        if taken.message and taken.message.new:
            await self.troubles.tell(
                conversation.id,
                self.say("system.contact_kept", email=email),
                f"contact:{taken.message.id}",
            )
        return taken


def _of_dialogue(press: Mapping[str, Any]) -> str:
    """The dialogue's buttons name an intent; its pick ``verify`` is meant for the gateway."""
    picked = (press.get("entities") or {}).get("pick")
    return "verify" if picked == "verify" else ""
