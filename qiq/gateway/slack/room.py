"""Keeps Slack in step with the desk: one message a talk, updated in place, its thread the talk."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from qiq.desk import Desk, Message, StoreUnavailable
from qiq.desk.channels import Post
from qiq.desk.model import Alert
from qiq.gateway.slack import blocks
from qiq.gateway.slack.incidents import IncidentPosts
from qiq.gateway.slack.posting import Poster, Sheet
from qiq.gateway.slack.talk import Talk, gather, key_of
from qiq.gateway.words import Say
from qiq.settings.channels import Slack

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=30)
"""Talks that were quiet so long are looked at again only when something happens."""
LONGEST_PAUSE = 60.0


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
        self.poster = Poster(desk, client, settings)
        self.incidents = IncidentPosts(desk, self.poster, say)
        self.say = say
        self.state = state
        self.pause = pause

    async def run(self) -> None:
        """Steps for ever; when Slack or the desk is away, with growing pauses."""
        wait = self.pause
        while True:
            try:
                await self.step()
                wait = self.pause
            except SlackApiError as error:
                wait = retry_after(error) or min(LONGEST_PAUSE, wait * 2)
                log.error("Slack refused: %s; next try in %.0f s", error_of(error), wait)
            except (StoreUnavailable, SlackClientError, OSError, TimeoutError) as error:
                wait = min(LONGEST_PAUSE, wait * 2)
                log.error(
                    "Slack or store away (%s); next try in %.0f s", type(error).__name__, wait
                )
            await asyncio.sleep(wait)

    async def step(self) -> None:
        """Posts what is new, brings what is posted up to date, mirrors the talks."""
        for alert in await asyncio.to_thread(self.desk.unposted_alerts):
            await self._announce(alert)
        posts = await asyncio.to_thread(self.desk.posts)
        await self.incidents.step(posts)
        for post in await asyncio.to_thread(self._lively, posts):
            await self._refresh(post)

    async def _announce(self, alert: Alert) -> None:
        talk = await asyncio.to_thread(gather, self.desk, key_of(alert))
        post, new = await self.poster.ensure(self._sheet(talk))
        if not new and alert.state == "open":
            # The root is there already: people are told by a line that the channel shows too.
            kind = blocks.kind_name(alert.kind, self.say)
            text = self.say("slack.again", kind=kind, text=blocks.escape(alert.text[:300]))
            mark = f"{alert.id}:{alert.at.isoformat()}"
            await self.poster.line(post, text, mark, broadcast=True)
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
                or post.key.startswith("a:")
            )
        ]

    async def _refresh(self, post: Post) -> None:
        snoozed = post.snoozed_until
        over = snoozed is not None and snoozed <= self.desk.now()
        talk = await asyncio.to_thread(gather, self.desk, post.key, None if over else snoozed)
        await self.poster.update(post, self._sheet(talk))
        if over:
            await self._snooze_over(post, talk)
        if talk.conversation is not None:
            await self._mirror(post, talk.conversation.id)

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


def error_of(error: SlackApiError) -> str:
    """Slack's own name of what is wrong."""
    return str(error.response.get("error", "unknown")) if error.response is not None else "unknown"


def retry_after(error: SlackApiError) -> float | None:
    """Seconds Slack asks us to wait, when it does."""
    headers = getattr(error.response, "headers", None) or {}
    value = str(headers.get("Retry-After", ""))
    return float(value) if value.isdecimal() else None
