"""Runs in Rasa's environment: the components on a few intents; prints what they answered as JSON.

Not a test itself: ``test_components.py`` starts it once and looks at its answer.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bot import no_tensorflow

no_tensorflow.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from bot.nlu.entity_extractor import KnowledgeEntityExtractor  # noqa: E402
from bot.nlu.intent_classifier import CalibratedIntentClassifier  # noqa: E402
from bot.nlu.language_detector import LanguageDetector  # noqa: E402
from bot.nlu.sentence_encoder import SentenceEncoder  # noqa: E402
from scripts.encoder.examples import examples  # noqa: E402

INTENTS = ("email_cannot_send", "site_down", "billing_question", "greet", "out_of_scope")
EACH = 40


def main() -> None:
    """Train, store, load, and answer the texts given as a JSON list on standard input."""
    texts = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        resource = Resource("classifier")
        context = ExecutionContext(GraphSchema({}))
        config = {**CalibratedIntentClassifier.get_default_config(), "noisy_copies": 0}
        encoder = SentenceEncoder.create({}, storage, Resource("encoder"), context)
        fresh = CalibratedIntentClassifier.create(config, storage, resource, context)
        fresh.train(encoder.process_training_data(_few_examples()))
        loaded = CalibratedIntentClassifier.load(config, storage, resource, context)
        steps = [
            encoder,
            loaded,
            KnowledgeEntityExtractor.create({}, storage, Resource("entities"), context),
            LanguageDetector.create({}, storage, Resource("language"), context),
        ]
        print(json.dumps([_answer(steps, text) for text in texts]))


def _few_examples() -> TrainingData:
    messages = []
    for intent in INTENTS:
        pairs = zip(*examples(Path("data/nlu")), strict=True)
        texts = [text for text, label in pairs if label == intent]
        messages += [Message.build(text=text, intent=intent) for text in texts[:EACH]]
    return TrainingData(training_examples=messages)


def _answer(steps: list, text: str) -> dict:
    message = Message(data={"text": text})
    started = time.monotonic()
    for step in steps:
        step.process([message])
    answer = message.as_dict(only_output_properties=True)
    answer["seconds"] = time.monotonic() - started
    return answer


if __name__ == "__main__":
    main()
