"""What the gateway sends, read strictly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain

from bot.output import TurnOutput

TEXT_LIMIT = 20_000
CHANNEL = "gateway"


class BadMessage(ValueError):
    """The body is not what docs/interfaces.md says; the message names the field."""


@dataclass(frozen=True)
class Press:
    """A button pressed: an intent and entities that the bot itself offered before."""

    intent: str
    entities: Mapping[str, Any] = field(default_factory=dict)

    def parse_data(self, text: str) -> dict[str, Any]:
        """What the understanding would have said, had it been asked."""
        intent = {"name": self.intent, "confidence": 1.0}
        entities = [
            {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "press"}
            for name, value in self.entities.items()
        ]
        return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}


@dataclass(frozen=True)
class Incoming:
    """One message of a conversation."""

    conversation: str
    message: str
    text: str
    press: Press | None
    metadata: Mapping[str, Any]

    def user_message(self, output: TurnOutput) -> UserMessage:
        """The message as Rasa takes it; a press goes around the understanding, text never does."""
        return UserMessage(
            text=self.text,
            output_channel=output,
            sender_id=self.conversation,
            parse_data=self.press.parse_data(self.text) if self.press else None,
            input_channel=CHANNEL,
            message_id=self.message,
            metadata=dict(self.metadata),
        )


def read(body: Any, domain: Domain) -> Incoming:
    """Read a request's body; raises BadMessage naming field, fault and fix."""
    if not isinstance(body, dict):
        raise BadMessage("body: must be a JSON object")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise BadMessage("metadata: must be an object")
    return Incoming(
        conversation=_text(body, "conversation", 255),
        message=_text(body, "message", 255),
        text=_text(body, "text", TEXT_LIMIT),
        press=_press(body.get("press"), domain),
        metadata=metadata,
    )


def _text(body: Mapping[str, Any], name: str, limit: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadMessage(f"{name}: must be a text that is not empty")
    if len(value) > limit:
        raise BadMessage(f"{name}: has {len(value)} characters; at most {limit} are taken")
    return value


def _press(value: Any, domain: Domain) -> Press | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("entities", {}), dict):
        raise BadMessage('press: must be null or {"intent": …, "entities": {…}}')
    intent, entities = value.get("intent"), value.get("entities", {})
    _known("press.intent", [intent], domain.intents)
    _known("press.entities", entities, domain.entities)
    return Press(intent=intent, entities=entities)


def _known(field_name: str, names: Collection[Any], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise BadMessage(f"{field_name}: {name!r} is not in domain.yml")
