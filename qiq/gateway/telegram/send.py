"""Bot API by aiogram's client, which honours ``retry_after`` and knows the API's errors."""

from __future__ import annotations

import asyncio
import contextlib

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatAction
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage, SendPhoto

from qiq.desk import Desk
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.messenger.sending import Body, once_each_async, outgoing
from qiq.gateway.telegram.render import render
from qiq.settings.channels import Telegram

CHANNEL = "telegram"
MAX_PICTURE = 10_000_000


def make_bot(settings: Telegram, token: str) -> Bot:
    """A client of the API server in the settings."""
    server = TelegramAPIServer.from_base(settings.api_url)
    return Bot(token, session=AiohttpSession(api=server, timeout=10))


class TelegramSender:
    """Delivers to Telegram and fetches pictures from it."""

    def __init__(self, bot: Bot, desk: Desk) -> None:
        self.bot = bot
        self.desk = desk

    async def send(self, address: str, body: Body) -> str | None:
        """The id of the last piece. Raises ``DeliveryFailed``."""
        message = await asyncio.to_thread(outgoing, self.desk, CHANNEL, address, body)
        if message is None:
            return None
        calls = render(message, address)
        return await once_each_async(self.desk, body, calls, self._deliver)

    async def check(self) -> None:
        """Asks who we are; raises ``DeliveryFailed`` when the token is not good."""
        try:
            await self.bot.get_me()
        except AiogramError as error:
            raise _failed(error) from error

    async def _deliver(self, call: SendMessage | SendPhoto, _: str) -> str | None:
        try:
            return str((await self.bot(call)).message_id)
        except AiogramError as error:
            raise _failed(error) from error

    async def typing(self, address: str) -> None:
        """ "typing…" in the chat; nobody is sorry when it fails."""
        with contextlib.suppress(AiogramError):
            await self.bot.send_chat_action(int(address), ChatAction.TYPING)

    async def answer_press(self, query_id: str) -> None:
        """Ends the spinner on a pressed button."""
        with contextlib.suppress(AiogramError):
            await self.bot.answer_callback_query(query_id)

    async def fetch(self, file_id: str) -> bytes | None:
        """A picture by its id, or None when it is too large or gone."""
        with contextlib.suppress(AiogramError, TimeoutError):
            found = await self.bot.get_file(file_id)
            if found.file_path and (found.file_size or 0) <= MAX_PICTURE:
                data = await self.bot.download_file(found.file_path, timeout=10)
                return data.read(MAX_PICTURE) if data else None
        return None


def _failed(error: AiogramError) -> DeliveryFailed:
    if isinstance(error, TelegramRetryAfter):
        return DeliveryFailed("Telegram asks for patience")
    final = isinstance(
        error, TelegramForbiddenError | TelegramBadRequest | TelegramUnauthorizedError
    )
    return DeliveryFailed(type(error).__name__, final=final)
