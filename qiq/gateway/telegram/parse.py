"""Update → messages. Only private chats: a support talk does not belong into a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from qiq.gateway.messenger.model import Incoming, Kind
from qiq.gateway.messenger.words import kind_of


def parse(body: Mapping[str, Any]) -> list[Incoming]:
    """At most one message; nothing for edits, groups, channel posts, and what is not an update."""
    try:
        update = Update.model_validate(body)
    except ValidationError:
        return []
    key = str(update.update_id)
    if update.callback_query is not None:
        return _press(key, update.callback_query)
    message = update.message
    if message is None or message.chat.type != "private":
        return []
    return [_message(key, message)]


def _message(key: str, message: Message) -> Incoming:
    chat = str(message.chat.id)
    if message.text:
        return Incoming(key, chat, kind_of(message.text), message.text)
    text = message.caption or ""
    if message.photo:
        # The list holds the same picture in rising sizes.
        return Incoming(key, chat, Kind.IMAGE, text, media=message.photo[-1].file_id)
    document = message.document
    if document is not None and (document.mime_type or "").startswith("image/"):
        return Incoming(key, chat, Kind.IMAGE, text, media=document.file_id)
    voice = message.voice or message.audio or message.video_note
    return Incoming(key, chat, Kind.VOICE if voice else Kind.OTHER, text)


def _press(key: str, query: CallbackQuery) -> list[Incoming]:
    if query.message is None or query.message.chat.type != "private":
        return []
    chat = str(query.message.chat.id)
    return [Incoming(key, chat, Kind.PRESS, button=query.data, media=query.id)]
