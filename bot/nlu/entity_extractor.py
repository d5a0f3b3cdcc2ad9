"""Rasa component: the entities of ``qiq.text.entities``, in Rasa's own shape.

``value`` is the id of ``knowledge/`` (or the normalised address), ``text`` what the customer wrote.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from qiq.text.entities import Entity, extract

NAME = "KnowledgeEntityExtractor"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class KnowledgeEntityExtractor(GraphComponent):
    """Rules and vocabulary only: nothing is trained, so nothing is stored."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeEntityExtractor:
        """Load the vocabulary now, so that a broken file stops the start, not a talk."""
        extract("warm up")
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message to those other extractors found."""
        for message in messages:
            found = [as_rasa(entity) for entity in extract(message.get(TEXT) or "")]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def as_rasa(entity: Entity) -> dict[str, Any]:
    """Return Rasa's dict: ``value`` is the id, ``text`` what was written; extras beside them."""
    return {
        "entity": entity.type,
        "value": entity.id,
        "text": entity.value,
        "start": entity.start,
        "end": entity.end,
        "extractor": NAME,
        **dict(entity.extra),
    }
