"""Read the sentence vector that ``SentenceEncoder`` left on a message."""

from __future__ import annotations

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoder import Encoder
from qiq.text.clean import clean

ORIGIN = "SentenceEncoder"


def message_vector(message: Message, encoder: Encoder) -> np.ndarray:
    """Return the vector, shape ``(size,)``; make it when the featurizer did not run before."""
    for feature in message.features:
        if feature.origin == ORIGIN and feature.type == FEATURE_TYPE_SENTENCE:
            return np.asarray(feature.features, dtype=np.float32).reshape(-1)
    return encoder.encode(clean(message.get(TEXT) or ""))
