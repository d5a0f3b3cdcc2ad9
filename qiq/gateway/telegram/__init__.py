"""Telegram (Bot API), by aiogram's types and client."""
