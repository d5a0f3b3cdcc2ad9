"""Answers → arguments of ``sendMessage``."""

from __future__ import annotations

from aiogram.methods import SendMessage, SendPhoto
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from qiq.gateway.messenger.fit import fit
from qiq.gateway.messenger.model import Limits, Outgoing, Piece

LIMITS = Limits(text=4096, buttons=10, title=60)
"""4096 characters is the API's limit; more or longer buttons no phone shows well."""


def render(message: Outgoing, chat: str) -> list[SendMessage | SendPhoto]:
    """One call a piece. Plain text: nothing a stranger's server said can become markup."""
    return [_call(piece, chat) for piece in fit(message, LIMITS)]


def _call(piece: Piece, chat: str) -> SendMessage | SendPhoto:
    if piece.picture:
        return SendPhoto(chat_id=int(chat), photo=piece.picture)
    rows = [[InlineKeyboardButton(text=b.title, callback_data=b.id)] for b in piece.buttons]
    return SendMessage(
        chat_id=int(chat),
        text=piece.text,
        parse_mode=None,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=rows) if rows else None,
    )
