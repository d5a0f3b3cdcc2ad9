"""The output side of the channel: what an action says becomes a line at once."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.buttons import button
from bot.turn import Turn


class TurnOutput(OutputChannel):
    """Writes each response of a turn to its queue of lines."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Text, buttons and custom part of one response stay together in one line."""
        buttons = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
        self.turn.say(
            {
                "type": "message",
                "text": message.get("text"),
                "buttons": [button(raw) for raw in buttons],
                "custom": message.get("custom") or {},
            }
        )

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"text": text})
