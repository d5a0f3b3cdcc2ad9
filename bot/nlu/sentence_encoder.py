"""Rasa component: gives every message its sentence vector as a dense feature."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import Encoder, shared_encoder
from qiq.text.clean import clean

ORIGIN = "SentenceEncoder"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Adds the encoder's unit vector; nothing is learnt here, so nothing is stored."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Load the shipped encoder (no network). Raises EncoderError when it is damaged."""
        return cls(shared_encoder())

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``encoder`` is the shipped file's digest, so that a new encoder retrains the head."""
        return {"encoder": shared_encoder().fingerprint}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Vectors for the examples, so that stock classifiers can learn from them too."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of each message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if text is None:
                continue
            vector = self._encoder.encode(clean(text)).reshape(1, -1)
            message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, ORIGIN))
        return messages
