"""Keeps Slack in step with the desk: one message a talk, updated in place, its thread the talk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from qiq.desk import Desk, Message
from qiq.desk.channels import Post
from qiq.desk.model import Alert
from qiq.gateway.slack import blocks
from qiq.gateway.slack.incidents import IncidentPosts
from qiq.gateway.slack.posting import Poster, Sheet
from qiq.gateway.slack.refusals import (
    LONGEST_PAUSE,
    Patience,
    bug,
    concerns_all,
    error_of,
    retry_after,
)
from qiq.gateway.slack.sole import Sole
from qiq.gateway.slack.talk import Talk, gather, key_of
from qiq.gateway.words import Say
from qiq.settings.channels import Slack

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=30)
"""Talks that were quiet so long are looked at again only when something happens."""


class Room:
    """What cannot be posted now stays in the desk. ``state`` is where pictures lie."""

    def __init__(
        self,
        desk: Desk,
        client: AsyncWebClient,
        settings: Slack,
        say: Say,
        state: Path,
        *,
        pause: float = 1.0,
    ) -> None:
        self.desk = desk
        self.client = client
        self.poster = Poster(desk, client, settings, say)
        self.incidents = IncidentPosts(desk, self.poster, say)
        self.say = say
        self.state = state
        self.pause = pause
        self.patience = Patience(pause)
        self.sole = Sole(desk)

    async def run(self) -> None:
        """Steps until cancelled; when Slack or the desk is away, with growing pauses."""
        try:
            await self._run()
        finally:
            await self.sole.give_back()

    async def _run(self) -> None:
        wait = self.pause
        while True:
            try:
                await self.step()
                wait = self.pause
            except Exception as error:  # whatever goes wrong: staff are told by nothing but this
                wait = retry_after(error) or min(LONGEST_PAUSE, wait * 2)
                words = "Slack room: %s; next try in %.0f s"
                log.error(words, error_of(error), wait, exc_info=bug(error))
            await asyncio.sleep(wait)

    async def step(self) -> None:
        """Posts what is new, brings what is posted up to date, mirrors the talks.

        Nothing at all while another gateway does it.
        """
        if not await self.sole.holds():
            return
        for alert in await asyncio.to_thread(self.desk.unposted_alerts):
            await self._guarded(key_of(alert), partial(self._announce, alert))
        posts = await asyncio.to_thread(self.desk.posts)
        for incident in await self.incidents.due(posts):
            await self._guarded(f"i:{incident.id}", partial(self.incidents.show, incident))
        lively = await asyncio.to_thread(self._lively, posts)
        self.poster.tidy({post.key for post in posts}, {post.key for post in lively})
        for post in lively:
            await self._guarded(post.key, partial(self._refresh, post))

    async def _guarded(self, key: str, show: Callable[[], Awaitable[None]]) -> None:
        if not self.patience.ready(key) or not await self.sole.holds():
            return
        try:
            await show()
        except Exception as error:  # one talk that cannot be shown must not hide the others
            if concerns_all(error):
                raise
            words = "Slack: %s cannot be shown (%s)"
            log.error(words, key, error_of(error), exc_info=bug(error))
            self.patience.failed(key)
            await self.poster.give_up(key, error)
        else:
            self.patience.worked(key)

    async def _announce(self, alert: Alert) -> None:
        talk = await asyncio.to_thread(gather, self.desk, key_of(alert))
        sheet = self._sheet(talk)
        post, new = await self.poster.ensure(sheet)
        if not new and alert.state == "open":
            # The root is there already: people are told by a line that the channel shows too.
            kind = blocks.kind_name(alert.kind, self.say)
            text = self.say("slack.again", kind=kind, text=blocks.escape(alert.text[:300]))
            mark = f"{alert.id}:{alert.at.isoformat()}"
            try:
                await self.poster.line(post, text, mark, broadcast=True)
            except SlackApiError as error:
                await self.poster.anew(post, error, sheet)
        await asyncio.to_thread(self.desk.alert_posted, alert.id)

    def _sheet(self, talk: Talk) -> Sheet:
        text, made = blocks.root(talk, self.say)
        return Sheet(talk.key, talk.topic, text, made)

    def _lively(self, posts: list[Post]) -> list[Post]:
        """Posts that may have to change: an open alert, words of late, a snooze, an end."""
        noisy = {key_of(alert) for alert in self.desk.open_alerts()}
        active = {f"c:{one}" for one in self.desk.active_since(self.desk.now() - FRESH)}
        return [
            post
            for post in posts
            if post.ts is not None
            and (
                post.key in noisy
                or post.key in active
                or post.snoozed_until is not None
                or (post.key.startswith("a:") and post.key not in self.poster.final)
            )
        ]

    async def _refresh(self, post: Post) -> None:
        snoozed = post.snoozed_until
        over = snoozed is not None and snoozed <= self.desk.now()
        talk = await asyncio.to_thread(gather, self.desk, post.key, None if over else snoozed)
        sheet = self._sheet(talk)
        try:
            await self.poster.update(post, sheet)
            if over:
                await self._snooze_over(post, talk)
            if talk.conversation is not None:
                await self._mirror(post, talk.conversation.id)
            self.poster.shown(post.key, over=not talk.is_open)
        except SlackApiError as error:
            await self.poster.anew(post, error, sheet if talk.is_open else None)

    async def _snooze_over(self, post: Post, talk: Talk) -> None:
        if talk.alerts:
            mark = f"snooze:{post.snoozed_until}"
            await self.poster.line(post, self.say("slack.snooze.over"), mark, broadcast=True)
        await asyncio.to_thread(self.desk.change_post, post.key, snoozed_until=None)

    async def _mirror(self, post: Post, conversation_id: str) -> None:
        for message in await asyncio.to_thread(self.desk.history, conversation_id, post.mirrored):
            if message.kind == "message":
                await self._line(post, message)
            await asyncio.to_thread(self.desk.change_post, post.key, mirrored=message.seq)

    async def _line(self, post: Post, message: Message) -> None:
        text = blocks.mirror(message.author, message.body, self.say)
        picture = await asyncio.to_thread(self._picture, message)
        if picture is not None:
            await self.poster.picture(post, picture, text)
        elif text:
            await self.poster.line(post, text, message.id)

    def _picture(self, message: Message) -> Path | None:
        """Where a customer's picture lies; what staff sent they have seen already."""
        custom = message.body.get("custom") or {}
        if message.author != "visitor" or custom.get("type") != "file":
            return None
        file_id = str(custom.get("url", "")).rpartition("/")[2]
        record = self.desk.file(message.conversation_id, file_id)
        path = self.state / record.path if record else None
        return path if path is not None and path.is_file() else None
