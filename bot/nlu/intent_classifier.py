"""Rasa component: names the intent, with a confidence that means something.

Below ``threshold`` the intent becomes ``nlu_fallback``; the ranking and the sums by group
(``intent_groups``) stay in the answer, so that the dialogue can ask "is it about e-mail, or about
your website?" of what was nearest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import groups, two_problems
from bot.nlu.encoder import Encoder, shared_encoder
from bot.nlu.features import message_vector
from bot.nlu.head import Head, fit
from qiq.text.clean import clean
from qiq.text.noise import noisy_copies

FILE = "head.npz"
FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(GraphComponent):
    """Linear head over the sentence vector; needs ``SentenceEncoder`` before it."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        encoder: Encoder,
        head: Head | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._encoder = encoder
        self._head = head

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``c`` inverse regularisation; ``lexicon`` weight of the words; ``ranking`` its length."""
        return {
            "c": 1.0,
            "lexicon": 0.6,
            "temperature": 0.7,
            "threshold": 0.3,
            "ranking": 10,
            "noisy_copies": 1,
            "seed": 7,
            "encoder": shared_encoder().fingerprint,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CalibratedIntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource, shared_encoder())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CalibratedIntentClassifier:
        """Read the head from the model archive."""
        with model_storage.read_from(resource) as folder:
            head = Head.load(folder / FILE)
        return cls(config, model_storage, resource, shared_encoder(), head)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and from seeded copies of them with typing errors."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [e.get(TEXT) for e in examples]
        labels = [e.get(INTENT) for e in examples]
        vectors = [np.stack([message_vector(example, self._encoder) for example in examples])]
        copies = self._config["noisy_copies"]
        if copies:
            noisy = noisy_copies(texts, copies=copies, seed=self._config["seed"])
            vectors.append(self._encoder.encode_all(noisy))
        self._head = fit(
            np.vstack(vectors),
            labels * (1 + copies),
            [self._encoder.read(text) for text in texts],
            labels,
            c=self._config["c"],
            share=self._config["lexicon"],
            temperature=self._config["temperature"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._head.save(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``intent``, ``intent_ranking`` and ``intent_groups`` of each message."""
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if not text or self._head is None:
                self._set(message, [{"name": FALLBACK, "confidence": 1.0}], [])
                continue
            plain = clean(text)
            scores = self._probabilities(plain, message_vector(message, self._encoder))
            known = self._head.knows(self._encoder.read(plain))
            self._set(message, *self._rank(self._head.intents, scores, known=known))
            best = self._head.intents[int(np.argmax(scores))]
            self._set_problems(message, two_problems.find(plain, best, self._classify))
        return messages

    def _classify(self, text: str) -> tuple[str, float]:
        """The best intent of a clause and its confidence."""
        assert self._head is not None
        scores = self._probabilities(text, self._encoder.encode(text))
        best = int(np.argmax(scores))
        return self._head.intents[best], float(scores[best])

    def _probabilities(self, text: str, vector: np.ndarray) -> np.ndarray:
        assert self._head is not None
        return self._head.probabilities(vector, self._encoder.read(text))

    @staticmethod
    def _set_problems(message: Message, found: list[two_problems.Problem]) -> None:
        """With two complaints the urgent one becomes the intent, the next ``second_intent``."""
        rows = [{"name": p.intent, "confidence": p.confidence, "text": p.text} for p in found]
        if len(rows) < 2:
            return
        message.set("intent", {k: rows[0][k] for k in ("name", "confidence")}, add_to_output=True)
        message.set("second_intent", rows[1], add_to_output=True)
        message.set("problems", rows, add_to_output=True)

    def _rank(
        self, intents: tuple[str, ...], scores: np.ndarray, *, known: bool
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        order = np.argsort(-scores)
        named = [(intents[i], float(scores[i])) for i in order]
        ranking = [{"name": n, "confidence": s} for n, s in named[: self._config["ranking"]]]
        if not known:
            ranking.insert(0, {"name": FALLBACK, "confidence": 1.0})
        elif named[0][1] < self._config["threshold"]:
            ranking.insert(0, {"name": FALLBACK, "confidence": 1.0 - named[0][1]})
        return ranking, groups.sums(dict(named))

    @staticmethod
    def _set(
        message: Message, ranking: list[dict[str, Any]], by_group: list[dict[str, Any]]
    ) -> None:
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("intent_groups", by_group, add_to_output=True)
