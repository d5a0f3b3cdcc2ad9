"""The linear head: a text's vector and words in, calibrated probabilities out. Knows no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu import lexicon
from bot.nlu.lexicon import Lexicon


@dataclass(frozen=True)
class Head:
    """Multinomial logistic regression over vectors, joined by a lexicon, with a temperature.

    ``weights`` has shape (intents, vector size), ``bias`` (intents,). The lexicon's scores count
    ``share`` times. ``temperature`` divides the sum: above 1 it makes the head less sure of
    itself, without changing the order.
    """

    intents: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    words: Lexicon
    share: float = 0.5
    temperature: float = 1.0

    def scores(self, vector: np.ndarray, text: str) -> np.ndarray:
        """Raw scores, shape (intents,), of a vector of shape (size,) and its text."""
        return np.asarray(self.weights @ vector + self.bias + self.share * self.words.scores(text))

    def probabilities(self, vector: np.ndarray, text: str) -> np.ndarray:
        """Calibrated probabilities, shape (intents,), summing to 1."""
        return softmax(self.scores(vector, text)[None, :] / self.temperature)[0]

    def knows(self, text: str) -> bool:
        """Whether anything in ``text`` was ever met; see :meth:`Lexicon.knows`."""
        return self.words.knows(text)

    def save(self, path: Path) -> None:
        """Write everything to one ``.npz`` file, without pickles."""
        np.savez(
            path,
            intents=np.array(self.intents),
            weights=self.weights,
            bias=self.bias,
            numbers=np.array([self.share, self.temperature]),
            terms=np.array(self.words.terms),
            idf=self.words.idf,
            word_weights=self.words.weights,
            word_bias=self.words.bias,
        )

    @classmethod
    def load(cls, path: Path) -> Head:
        """Read what ``save`` wrote; ``allow_pickle`` stays off, so the file can run no code."""
        with np.load(path, allow_pickle=False) as data:
            terms = tuple(str(term) for term in data["terms"])
            return cls(
                intents=tuple(str(name) for name in data["intents"]),
                weights=data["weights"],
                bias=data["bias"],
                words=Lexicon(terms, data["idf"], data["word_weights"], data["word_bias"]),
                share=float(data["numbers"][0]),
                temperature=float(data["numbers"][1]),
            )


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise, safe for large scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit(
    vectors: np.ndarray,
    vector_labels: Sequence[str],
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    c: float = 3.0,
    share: float = 0.5,
    temperature: float = 1.0,
) -> Head:
    """Learn a head. ``vectors`` may hold noisy copies too; ``texts`` are the clean examples.

    ``c`` is the inverse regularisation. At least three intents are needed.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(C=c, max_iter=1000, class_weight="balanced")
    with threadpool_limits(1):  # small matrices: threads would only wait for each other
        model.fit(vectors, list(vector_labels))
    return Head(
        intents=tuple(str(name) for name in model.classes_),
        weights=model.coef_.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
        words=lexicon.fit(texts, labels),
        share=share,
        temperature=temperature,
    )
