"""Verification within the talk: address, code, and the same answers for everybody."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from qiq.desk import Conversation, Desk
from qiq.gateway.intake import Incoming, Intake
from qiq.gateway.troubles import Troubles
from qiq.gateway.words import Say

log = logging.getLogger(__name__)

VERIFIED_HOURS = 12
EMAIL = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,190}\.[^\s@<>,;:\"().]{2,63}")
CODE = re.compile(r"^\D{0,30}((?:\d[ \-.]?){5}\d)\D{0,5}$")


class Accounts(Protocol):
    """Which of some domains have this contact address on file."""

    async def domains_of(self, email: str, candidates: tuple[str, ...]) -> tuple[str, ...]: ...


Post = Callable[[str, str, str], Awaitable[None]]
"""Sends one plain-text e-mail: ``(to, subject, text)``."""


class Verification:
    """Listens for an address or a code while a conversation waits for one."""

    def __init__(
        self,
        desk: Desk,
        intake: Intake,
        troubles: Troubles,
        say: Say,
        accounts: Accounts,
        post: Post,
        brand: str,
    ) -> None:
        self.desk = desk
        self.intake = intake
        self.troubles = troubles
        self.say = say
        self.accounts = accounts
        self.post = post
        self.brand = brand
        self._sending: set[asyncio.Task[None]] = set()

    async def begin(self, conversation: Conversation) -> None:
        """The customer wants to be verified: asks for the address on file."""
        await asyncio.to_thread(self.desk.ask_for_email, conversation.id)
        await self._tell(conversation, "verify.ask_email", "begin")

    async def takes(self, conversation: Conversation, text: str, key: str, ip: str | None) -> bool:
        """Whether the message belonged to a verification and has been dealt with."""
        pending = await asyncio.to_thread(self.desk.pending_code, conversation.id)
        if pending is None:
            return False
        if email := EMAIL.search(text):
            await self._keep(conversation, text, key)
            await self._request(conversation, email.group().lower(), key, ip)
            return True
        code = CODE.match(text.strip())
        if code is None or pending.wants_email:
            return False
        await self._keep(conversation, self.say("verify.code_typed"), key)
        await self._check(conversation, re.sub(r"\D", "", code.group(1)), key)
        return True

    async def _keep(self, conversation: Conversation, text: str, key: str) -> None:
        await self.intake.accept(Incoming(conversation.id, text, key), answer=False)

    async def _request(
        self, conversation: Conversation, email: str, key: str, ip: str | None
    ) -> None:
        allowed = await asyncio.to_thread(self.desk.may_ask_code, email, conversation.id, ip or "")
        if not allowed:
            await self._tell(conversation, "verify.too_often", key, minutes="60")
            return
        cases = await asyncio.to_thread(self.desk.cases_of, conversation.id)
        named = {case.domain for case in cases if case.domain} | {email.partition("@")[2]}
        await asyncio.to_thread(self.desk.new_code, conversation.id, email, ())
        # In the background, so that the answer takes as long for an unknown address.
        task = asyncio.create_task(self._send(conversation, email, tuple(sorted(named))))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        await self._tell(conversation, "verify.sent", key)

    async def _send(self, conversation: Conversation, email: str, named: tuple[str, ...]) -> None:
        try:
            domains = await self.accounts.domains_of(email, named)
            if not domains:
                return
            code = await asyncio.to_thread(self.desk.new_code, conversation.id, email, domains)
            subject = self.say("verify.subject", brand=self.brand)
            await self.post(email, subject, self.say("verify.mail", brand=self.brand, code=code))
        except Exception:  # runs in the background: nobody else would ever see it
            log.exception("a verification code could not be sent")

    async def _check(self, conversation: Conversation, typed: str, key: str) -> None:
        check = await asyncio.to_thread(self.desk.try_code, conversation.id, typed)
        if check.outcome == "right":
            until = self.desk.now() + timedelta(hours=VERIFIED_HOURS)
            await asyncio.to_thread(
                self.desk.set_customer, conversation.id, check.domains, check.email, until
            )
            again = (self.say("verify.check_again"), {"intent": "problem_persists", "entities": {}})
            await self.troubles.tell(
                conversation.id,
                self.say("verify.right"),
                f"verify:{key}",
                buttons=await self.troubles.buttons(conversation.id, [again]),
            )
            return
        if check.outcome == "wrong":
            await self._tell(conversation, "verify.wrong", key, tries=str(check.tries_left))
            return
        buttons = await self.troubles.buttons(
            conversation.id, [(self.say("verify.again"), {"gateway": "verify"})]
        )
        await self.troubles.tell(
            conversation.id, self.say("verify.over"), f"verify:{key}", buttons=buttons
        )

    async def _tell(self, conversation: Conversation, text: str, key: str, **args: str) -> None:
        mark = key if key != "begin" else f"begin:{self.desk.now().isoformat()}"
        await self.troubles.tell(conversation.id, self.say(text, **args), f"verify:{mark}")
