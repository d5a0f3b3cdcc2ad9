"""The linear head: sentence vectors in, calibrated intent probabilities out. Knows no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Head:
    """Multinomial logistic regression with a temperature.

    ``weights`` has shape (intents, vector size), ``bias`` (intents,). ``temperature`` divides the
    scores: above 1 it makes the head less sure of itself, without changing the order.
    """

    intents: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Return shape (n, intents), each row summing to 1, for vectors of shape (n, size)."""
        return softmax((vectors @ self.weights.T + self.bias) / self.temperature)

    def save(self, path: Path) -> None:
        """Write everything to one ``.npz`` file, without pickles."""
        np.savez(
            path,
            intents=np.array(self.intents),
            weights=self.weights,
            bias=self.bias,
            temperature=np.array(self.temperature),
        )

    @classmethod
    def load(cls, path: Path) -> Head:
        """Read what ``save`` wrote; ``allow_pickle`` stays off, so the file can run no code."""
        with np.load(path, allow_pickle=False) as data:
            return cls(
                intents=tuple(str(name) for name in data["intents"]),
                weights=data["weights"],
                bias=data["bias"],
                temperature=float(data["temperature"]),
            )


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise, safe for large scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit(
    vectors: np.ndarray,
    labels: Sequence[str],
    *,
    c: float = 10.0,
    temperature: float = 1.0,
    weights: Sequence[float] | None = None,
) -> Head:
    """Learn a head. ``c`` is the inverse regularisation; ``weights`` one number an example."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=c, max_iter=1000, class_weight="balanced")
    model.fit(vectors, list(labels), sample_weight=weights)
    coefficients, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.r_[-bias, bias]
    return Head(
        intents=tuple(str(name) for name in model.classes_),
        weights=coefficients.astype(np.float32),
        bias=bias.astype(np.float32),
        temperature=temperature,
    )
