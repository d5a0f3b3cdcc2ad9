"""Buttons of Rasa's responses, in the shape of the gateway."""

from __future__ import annotations

import json
import re
from typing import Any

# Rasa's payload: a slash, the intent, and optionally its entities as a JSON object.
PAYLOAD = re.compile(r"^/(?P<intent>[^\s{/]+)\s*(?P<entities>\{.*\})?\s*$", re.DOTALL)


def press_of(payload: str | None) -> dict[str, Any] | None:
    """`/intent{"entity": "value"}` as `{"intent", "entities"}`; None for a payload of plain text.

    Raises ValueError when the entities are not a JSON object.
    """
    match = PAYLOAD.match(payload or "")
    if match is None:
        return None
    try:
        entities = json.loads(match["entities"] or "{}")
    except json.JSONDecodeError as error:
        raise ValueError(f"button payload {payload!r}: entities are not JSON: {error}") from error
    return {"intent": match["intent"], "entities": entities}


def button(raw: dict[str, Any]) -> dict[str, Any]:
    """A button as Rasa has it (`title`, `payload`) to the one sent (`title`, `press`)."""
    return {"title": raw["title"], "press": press_of(raw.get("payload"))}
