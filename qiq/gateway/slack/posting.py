"""Writing to Slack's channels: roots updated in place, lines of a thread, each of them once.

Slack has no idempotency key, so every message carries a mark of ours in its metadata. What was
begun and not confirmed (a crash, a lost answer) is looked for by its mark before it is sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from qiq.desk import Desk
from qiq.desk.channels import Post
from qiq.gateway.slack.blocks import Block
from qiq.gateway.slack.refusals import CHANNEL_GONE, MESSAGE_GONE, error_of
from qiq.gateway.words import Say
from qiq.settings.channels import Slack

EVENT = "qiq_post"
PAGE = 200


@dataclass(frozen=True)
class Sheet:
    """A root message as it should stand now. ``key`` names it for ever."""

    key: str
    topic: str
    text: str
    blocks: list[Block]

    @property
    def digest(self) -> str:
        """The same for the same content: nothing is updated without need."""
        content = json.dumps([self.text, self.blocks], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


class Poster:
    """What the desk has to show. (Answers to a button or a mention are written by handlers.)"""

    def __init__(self, desk: Desk, client: AsyncWebClient, settings: Slack, say: Say) -> None:
        self.desk = desk
        self.client = client
        self.settings = settings
        self.say = say
        self.final: set[str] = set()
        """Keys whose end is shown: nothing more is looked up for them."""
        self._marks: dict[str, set[str]] = {}

    async def ensure(self, sheet: Sheet) -> tuple[Post, bool]:
        """The root of ``sheet``, posted when it is not there yet, and whether it is new."""
        post = await asyncio.to_thread(self.desk.post, sheet.key)
        if post is not None and post.ts is not None:
            return post, False
        room, last = self.room(sheet.topic), self.room("default")
        try:
            return await self._root(sheet, room), True
        except SlackApiError as error:
            if not await self._lost(sheet.key, error) or room == last:
                raise
            return await self._root(sheet, last), True

    async def _root(self, sheet: Sheet, room: str) -> Post:
        known = await asyncio.to_thread(self.desk.post, sheet.key)
        post = await asyncio.to_thread(self.desk.begin_post, sheet.key, room)
        ts = await self._find(post) if known is not None else None
        if ts is None:
            answer = await self.client.chat_postMessage(
                channel=post.room, text=sheet.text, blocks=sheet.blocks,
                metadata=_mark(sheet.key), unfurl_links=False,
            )  # fmt: skip
            ts = str(answer["ts"])
            self._marks[sheet.key] = set()
        await asyncio.to_thread(self.desk.change_post, sheet.key, ts=ts, digest=sheet.digest)
        await asyncio.to_thread(self.desk.end_alert, _alert_key(post.room))
        return replace(post, ts=ts, digest=sheet.digest)

    async def anew(self, post: Post, error: SlackApiError, sheet: Sheet | None) -> None:
        """``post`` met ``error``. When it is gone, ``sheet`` is posted anew, or nothing with None.

        Raises ``error`` when it is not gone, or when there is no other channel to show it in.
        """
        if not await self._lost(post.key, error):
            raise error
        if sheet is not None:
            await self.ensure(sheet)

    async def give_up(self, key: str, error: Exception) -> None:
        """For now: nowhere to show it. A channel that is gone is named to staff."""
        if isinstance(error, SlackApiError):
            await self._lost(key, error)

    async def _lost(self, key: str, error: SlackApiError) -> bool:
        """Whether the post of ``key`` is gone from Slack, so that it may be posted again."""
        name = error_of(error)
        post = await asyncio.to_thread(self.desk.post, key)
        if post is None or name not in MESSAGE_GONE | CHANNEL_GONE:
            return False
        if name in CHANNEL_GONE:
            text = self.say("slack.channel_gone", room=post.room, error=name)
            await asyncio.to_thread(
                self.desk.raise_alert, "channel", text, key=_alert_key(post.room)
            )
            if post.ts is not None and post.room == self.room("default"):
                return False  # what stands there already is found again when the channel is back
        self._marks.pop(key, None)
        await asyncio.to_thread(self.desk.drop_post, key)
        return True

    async def update(self, post: Post, sheet: Sheet) -> None:
        """Changes the root in place when it says something else now."""
        if post.digest == sheet.digest:
            return
        await self.client.chat_update(
            channel=post.room, ts=post.ts or "", text=sheet.text, blocks=sheet.blocks
        )
        await asyncio.to_thread(self.desk.change_post, post.key, digest=sheet.digest)

    async def line(self, post: Post, text: str, mark: str, *, broadcast: bool = False) -> None:
        """One line in the thread. ``broadcast`` shows it in the channel too: people are told."""

        async def send() -> None:
            await self.client.chat_postMessage(
                channel=post.room, thread_ts=post.ts, text=text, metadata=_mark(mark),
                reply_broadcast=broadcast, unfurl_links=False, unfurl_media=False,
            )  # fmt: skip

        await self._once(post, mark, send)

    async def picture(self, post: Post, path: Path, text: str) -> None:
        """A picture in the thread; its file name is the mark."""

        async def send() -> None:
            await self.client.files_upload_v2(
                channel=post.room, thread_ts=post.ts, file=str(path), filename=path.name,
                title=path.name, initial_comment=text,
            )  # fmt: skip

        await self._once(post, path.name, send)

    def shown(self, key: str, *, over: bool) -> None:
        """The root of ``key`` says all there is to say."""
        if over:
            self.final.add(key)
        else:
            self.final.discard(key)

    def tidy(self, known: Collection[str], busy: Collection[str]) -> None:
        """Forgets posts that are not ``known`` any more, and threads that are not ``busy``."""
        self.final.intersection_update(known)
        self._marks = {key: marks for key, marks in self._marks.items() if key in busy}

    def room(self, topic: str) -> str:
        """The Slack channel of a topic."""
        topics = {str(name): room for name, room in self.settings.topics.items()}
        return topics.get(topic) or topics.get("default") or next(iter(topics.values()))

    async def _once(self, post: Post, mark: str, send: Callable[[], Awaitable[None]]) -> None:
        known = self._marks.get(post.key)
        if known is None:
            known = {mark async for mark in self._thread_marks(post)}
        if mark not in known:
            # Until Slack has said yes it is not known what stands in the thread.
            self._marks.pop(post.key, None)
            await send()
        self._marks[post.key] = known | {mark}

    async def _find(self, post: Post) -> str | None:
        """A root that was begun and not finished: did Slack take it?"""
        oldest = str((post.at - timedelta(minutes=1)).timestamp())
        async for message in self._pages(
            self.client.conversations_history, channel=post.room, oldest=oldest
        ):
            if post.key in _marks(message):
                return str(message["ts"])
        return None

    async def _thread_marks(self, post: Post) -> AsyncIterator[str]:
        async for message in self._pages(
            self.client.conversations_replies, channel=post.room, ts=post.ts or ""
        ):
            for mark in _marks(message):
                yield mark

    @staticmethod
    async def _pages(call: Callable[..., Awaitable[Any]], **args: Any) -> AsyncIterator[Any]:
        cursor: str | None = None
        while cursor != "":
            more = {"cursor": cursor} if cursor else {}
            answer = await call(**args, **more, include_all_metadata=True, limit=PAGE)
            for message in answer["messages"]:
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""


def _alert_key(room: str) -> str:
    return f"channel:slack:{room}"


def _mark(key: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _marks(message: dict[str, Any]) -> list[str]:
    """What of ours a message is: its mark, and the names of its files."""
    found = message.get("metadata") or {}
    ours = [found["event_payload"]["key"]] if found.get("event_type") == EVENT else []
    return [*ours, *(str(file.get("name")) for file in message.get("files") or ())]
