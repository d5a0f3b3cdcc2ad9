"""Responses of `data/responses/`, the variation that was said longest ago.

Stock Rasa draws one at random, so a customer may read the same sentence twice in a row. This one
never repeats while a response has another variation, and "say that again" gets other words.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

REMEMBERED = 40
"""How many of the last replies are looked at."""


class UnrepeatingGenerator(TemplatedNaturalLanguageGenerator):
    """Set as `nlg: {type: bot.nlg.UnrepeatingGenerator}` in `endpoints.yml`."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The variation said longest ago; of several never said, the first in the file."""
        slots = tracker.current_slot_values()
        said = _said(tracker)
        drafts = [
            self._fill_response(dict(variation), slots, **kwargs)
            for variation in self._variations(utter_action, output_channel, slots)
        ]
        return min(drafts, key=lambda draft: _lately(draft, said), default=None)

    def _variations(
        self, utter_action: str, output_channel: str, slots: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if utter_action not in self.responses:
            return []
        chosen = ResponseVariationFilter(self.responses)
        return chosen.responses_for_utter_action(utter_action, output_channel, slots)


def _said(tracker: DialogueStateTracker) -> list[str]:
    """Texts of the last replies, oldest first."""
    said: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.text:
            said.append(event.text)
        if len(said) >= REMEMBERED:
            break
    return said[::-1]


def _lately(draft: dict[str, Any], said: list[str]) -> int:
    """0 when never said, else higher the later it was said."""
    text = draft.get("text")
    return max((place for place, one in enumerate(said, 1) if one == text), default=0)
