"""Rasa component: adds ``language`` (ISO 639-1, or null when unsure) to the answer."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from qiq.text import language


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Word and script tables only: nothing is trained, so nothing is stored."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Read the tables now, so that a broken file stops the start, not a talk."""
        language.detect("warm up")
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``language`` of each message."""
        for message in messages:
            found = language.detect(message.get(TEXT) or "")
            message.set("language", found, add_to_output=True)
        return messages
