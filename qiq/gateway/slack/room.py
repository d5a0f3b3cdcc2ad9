"""Keeps Slack in step with the desk: one message a talk, updated in place, its thread the talk."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from qiq.desk import Desk, Message, StoreUnavailable
from qiq.desk.channels import Post
from qiq.gateway.slack import blocks
from qiq.gateway.slack.talk import Talk, gather, key_of
from qiq.gateway.words import Say
from qiq.settings.channels import Slack

log = logging.getLogger(__name__)

EVENT = "qiq_post"
FRESH = timedelta(minutes=30)
"""Talks that were quiet so long are looked at again only when something happens."""
LONGEST_PAUSE = 60.0


class Room:
    """The only writer to Slack's channels. What cannot be posted now stays in the desk."""

    def __init__(
        self, desk: Desk, client: AsyncWebClient, settings: Slack, say: Say, *, pause: float = 1.0
    ) -> None:
        self.desk = desk
        self.client = client
        self.settings = settings
        self.say = say
        self.pause = pause
        self._settled: set[str] = set()

    async def run(self) -> None:
        """Steps for ever; when Slack or the desk is away, with growing pauses."""
        wait = self.pause
        while True:
            try:
                await self.step()
                wait = self.pause
            except SlackApiError as error:
                wait = _retry_after(error) or min(LONGEST_PAUSE, wait * 2)
                log.error("Slack refused: %s; next try in %.0f s", _error(error), wait)
            except (StoreUnavailable, OSError, TimeoutError) as error:
                wait = min(LONGEST_PAUSE, wait * 2)
                log.error(
                    "Slack or store away (%s); next try in %.0f s", type(error).__name__, wait
                )
            await asyncio.sleep(wait)

    async def step(self) -> None:
        """Posts what is new, brings what is posted up to date, mirrors the talks."""
        for alert in await asyncio.to_thread(self.desk.unposted_alerts):
            key = key_of(alert)
            talk = await asyncio.to_thread(gather, self.desk, key)
            await self._ensure(talk)
            await asyncio.to_thread(self.desk.alert_posted, alert.id)
        for post in await asyncio.to_thread(self.desk.posts):
            if post.ts is not None:
                await self._refresh(post)

    async def _ensure(self, talk: Talk) -> Post:
        post = await asyncio.to_thread(self.desk.post, talk.key)
        if post is not None and post.ts is not None:
            return post
        topics = {str(topic): room for topic, room in self.settings.topics.items()}
        room = topics.get(talk.topic) or topics.get("default") or next(iter(topics.values()))
        began = post is not None
        post = await asyncio.to_thread(self.desk.begin_post, talk.key, room)
        ts = await self._find(post) if began else None
        text, made = blocks.root(talk, self.say)
        if ts is None:
            answer = await self.client.chat_postMessage(
                channel=room, text=text, blocks=made, metadata=_mark(talk.key), unfurl_links=False
            )
            ts = str(answer["ts"])
        await asyncio.to_thread(self.desk.change_post, talk.key, ts=ts, digest=_digest(text, made))
        found = await asyncio.to_thread(self.desk.post, talk.key)
        assert found is not None
        return found

    async def _find(self, post: Post) -> str | None:
        """A post that was begun and not finished: did Slack take it?"""
        oldest = str((post.at - timedelta(minutes=1)).timestamp())
        answer = await self.client.conversations_history(
            channel=post.room, oldest=oldest, include_all_metadata=True, limit=200
        )
        return next((m["ts"] for m in answer["messages"] if _marked(m) == post.key), None)

    async def _refresh(self, post: Post) -> None:
        snoozed = post.snoozed_until
        over = snoozed is not None and snoozed <= self.desk.now()
        talk = await asyncio.to_thread(gather, self.desk, post.key, None if over else snoozed)
        if not self._worth_a_look(talk) and not over:
            return
        assert post.ts is not None
        text, made = blocks.root(talk, self.say)
        digest = _digest(text, made)
        if digest != post.digest:
            await self.client.chat_update(channel=post.room, ts=post.ts, text=text, blocks=made)
            await asyncio.to_thread(self.desk.change_post, post.key, digest=digest)
        if over:
            await self._snooze_over(post, talk)
        if talk.conversation is not None:
            await self._mirror(post, talk.conversation.id)

    def _worth_a_look(self, talk: Talk) -> bool:
        if talk.conversation is None:
            return True
        return bool(talk.alerts) or self.desk.now() - talk.conversation.active_at < FRESH

    async def _snooze_over(self, post: Post, talk: Talk) -> None:
        await asyncio.to_thread(self.desk.change_post, post.key, snoozed_until=None)
        if talk.alerts:
            await self.client.chat_postMessage(
                channel=post.room,
                thread_ts=post.ts,
                text=self.say("slack.snooze.over"),
                reply_broadcast=True,
            )

    async def _mirror(self, post: Post, conversation_id: str) -> None:
        fresh = await asyncio.to_thread(self.desk.history, conversation_id, post.mirrored)
        known = await self._already_there(post) if fresh else set()
        for message in fresh:
            if message.id not in known:
                await self._line(post, message)
            await asyncio.to_thread(self.desk.change_post, post.key, mirrored=message.seq)

    async def _already_there(self, post: Post) -> set[str]:
        """After a restart once for each thread: which lines were posted before the crash."""
        if post.key in self._settled:
            return set()
        self._settled.add(post.key)
        if post.mirrored == 0 and post.digest is None:
            return set()
        answer = await self.client.conversations_replies(
            channel=post.room, ts=post.ts or "", include_all_metadata=True, limit=200
        )
        return {mark for m in answer["messages"] if (mark := _marked(m))}

    async def _line(self, post: Post, message: Message) -> None:
        if message.kind != "message":
            return
        text = blocks.mirror(message.author, message.body, self.say)
        await self.client.chat_postMessage(
            channel=post.room,
            thread_ts=post.ts,
            text=text,
            metadata=_mark(message.id),
            unfurl_links=False,
            unfurl_media=False,
        )


def _mark(key: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _marked(message: dict[str, Any]) -> str | None:
    found = message.get("metadata") or {}
    return found.get("event_payload", {}).get("key") if found.get("event_type") == EVENT else None


def _digest(text: str, made: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps([text, made], sort_keys=True).encode()).hexdigest()


def _error(error: SlackApiError) -> str:
    return str(error.response.get("error", "unknown")) if error.response is not None else "unknown"


def _retry_after(error: SlackApiError) -> float | None:
    headers = getattr(error.response, "headers", None) or {}
    value = str(headers.get("Retry-After", ""))
    return float(value) if value.isdecimal() else None
