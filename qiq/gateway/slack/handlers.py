"""Slack's events, commands, buttons and windows, wired to what staff may do.

Every listener acknowledges first (Slack waits three seconds) and works afterwards. What staff write
in a thread is not read at all: only the Reply window and ``/qiq reply`` reach a customer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from qiq.gateway.slack import modals
from qiq.gateway.slack.answers import Answers
from qiq.gateway.slack.blocks import escape
from qiq.gateway.slack.commands import read
from qiq.gateway.slack.desk_side import StaffDesk
from qiq.gateway.slack.files import NoFile, fetch
from qiq.gateway.slack.rights import Rights
from qiq.gateway.widget.files import NotAPicture

Body = dict[str, Any]


class Handlers:
    """Registers itself on a Bolt app."""

    def __init__(
        self, staff: StaffDesk, rights: Rights, client: AsyncWebClient, rooms: Collection[str]
    ) -> None:
        """``rooms`` are the channels of the desk: what is answered there all of staff may read."""
        self.staff = staff
        self.rooms = frozenset(rooms)
        self.rights = rights
        self.client = client
        self.answers = Answers(staff)
        self.say = staff.say

    def register(self, app: AsyncApp) -> None:
        """Every listener by its name; a test compares with what the blocks send."""
        app.command("/qiq")(self.command)
        app.event("app_mention")(self.mention)
        app.event("message")(ignore)
        app.event("file_shared")(ignore)
        for name in ("claim", "release", "reply", "recheck", "resolve", "snooze"):
            app.action(f"qiq_{name}")(getattr(self, name))
        app.view(modals.WRITE)(self.write)
        app.view(modals.SEND)(self.send)

    async def command(self, ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        command = read(body.get("text") or "")
        if command.verb == "reply":
            await self._reply_command(body, respond)
            return
        if command.verb == "check" and command.words:
            domain = command.words[0]
            await respond(self.say("slack.check.running", domain=domain), response_type="ephemeral")
        text = await self.answers.answer(command, await self.rights.asker(body["user_id"]))
        await respond(text, response_type="ephemeral")

    async def _reply_command(self, body: Body, respond: AsyncRespond) -> None:
        if not await self.rights.may_talk(body["user_id"]):
            await respond(self.say("slack.not_allowed"))
            return
        command = read(body.get("text") or "")
        number = command.words[0] if command.words else "?"
        case = await asyncio.to_thread(self.staff.desk.case, number)
        if case is None:
            await respond(self.say("slack.case.none", number=escape(number)))
            return
        view = modals.write(case.conversation_id, self.say, command.rest(1))
        await self.client.views_open(trigger_id=body["trigger_id"], view=view)

    async def mention(self, ack: AsyncAck, event: Body, body: Body) -> None:
        """Answers in the thread; outside the desk's own channels for nobody but who asked."""
        await ack()
        if event.get("bot_id") or event.get("edited") or event.get("subtype"):
            return
        user, room = str(event.get("user") or ""), str(event["channel"])
        asker = await self.rights.asker(user)
        text = await self.answers.answer(read(event.get("text") or ""), asker)
        thread = event.get("thread_ts") or event["ts"]
        if room in self.rooms and not body.get("is_ext_shared_channel"):
            await self.client.chat_postMessage(
                channel=room, thread_ts=thread, text=text, unfurl_links=False
            )
            return
        # Account facts and customers' words: in this channel there may be anyone.
        own = event.get("thread_ts")
        await self.client.chat_postEphemeral(channel=room, user=user, thread_ts=own, text=text)

    async def claim(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, self._claim)

    async def _claim(self, body: Body, conversation_id: str, name: str) -> None:
        other = await self.staff.claim(conversation_id, name)
        if other is not None:
            await self._whisper(body, self.say("slack.claimed_by_other", name=other))

    async def release(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, self._release)

    async def _release(self, body: Body, conversation_id: str, name: str) -> None:
        await self.staff.release(conversation_id, name)

    async def resolve(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, self._resolve)

    async def _resolve(self, body: Body, conversation_id: str, name: str) -> None:
        await self.staff.resolve(conversation_id, name)
        await self._thread(body, self.say("slack.resolved", name=name))

    async def snooze(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, self._snooze)

    async def _snooze(self, body: Body, conversation_id: str, name: str) -> None:
        await self.staff.snooze(f"c:{conversation_id}")

    async def recheck(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, self._recheck)

    async def _recheck(self, body: Body, conversation_id: str, name: str) -> None:
        await self._whisper(body, self.say("slack.recheck.running"))
        found = await self.staff.recheck(conversation_id, body["user"]["id"])
        nothing = self.say("slack.recheck.nothing")
        await self._thread(body, self.answers.shown(found) if found else nothing)

    async def reply(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, self._reply)

    async def _reply(self, body: Body, conversation_id: str, name: str) -> None:
        view = modals.write(conversation_id, self.say)
        await self.client.views_open(trigger_id=body["trigger_id"], view=view)

    async def write(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """First window → second window; nothing is sent yet."""
        name = await self.rights.name(body["user"]["id"])
        try:
            draft = modals.written(view, self.staff.settings.limits.upload_bytes)
            shown = modals.preview(draft, name, self.say)
        except modals.BadDraft as error:
            await ack(response_action="errors", errors={error.field: self.say(str(error))})
            return
        await ack(response_action="update", view=shown)

    async def send(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Second window → the customer."""
        draft, user = modals.Draft.unpacked(view), body["user"]["id"]
        if not await self.rights.may_talk(user):
            await self._refuse(ack, self.say("slack.not_allowed"), draft)
            return
        name = await self.rights.name(user)
        if draft.file:
            await ack()  # fetching it may take longer than Slack waits
            await self._send_file(draft, name, user)
            return
        other = await self.staff.reply(draft.conversation, name, draft.text, draft.key)
        if other is None:
            await ack()
        else:
            await self._refuse(ack, self.say("slack.reply.claimed", name=other), draft)

    async def _send_file(self, draft: modals.Draft, name: str, user: str) -> None:
        most = self.staff.settings.limits.upload_bytes
        try:
            picture = await fetch(self.client, draft.file or "", most)
            other = await self.staff.reply(draft.conversation, name, draft.text, draft.key, picture)
            if other is None:
                return
            words = self.say("slack.reply.claimed", name=other)
        except (NoFile, NotAPicture):
            words = self.say("slack.reply.file_failed", name=escape(draft.file_name))
        post = await self.staff.post_of(draft.conversation)
        room = post.room if post else user
        # The window is closed by now: what was written in it is handed back.
        lost = modals.not_sent(words, draft.text)
        await self.client.chat_postEphemeral(channel=room, user=user, text=words, blocks=lost)

    @staticmethod
    async def _refuse(ack: AsyncAck, words: str, draft: modals.Draft) -> None:
        view = modals.notice(modals.not_sent(words, draft.text))
        await ack(response_action="update", view=view)

    async def _act(
        self, ack: AsyncAck, body: Body, do: Callable[[Body, str, str], Awaitable[None]]
    ) -> None:
        await ack()
        user = body["user"]["id"]
        if not await self.rights.may_talk(user):
            await self._whisper(body, self.say("slack.not_allowed"))
            return
        await do(body, str(body["actions"][0]["value"]), await self.rights.name(user))

    async def _whisper(self, body: Body, text: str) -> None:
        await self.client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"], text=text
        )

    async def _thread(self, body: Body, text: str) -> None:
        message = body["message"]
        await self.client.chat_postMessage(
            channel=body["channel"]["id"],
            thread_ts=message.get("thread_ts") or message["ts"],
            text=text,
            unfurl_links=False,
        )


async def ignore(ack: AsyncAck) -> None:
    """Messages, edits, deletions and files in channels are for staff among themselves."""
    await ack()
