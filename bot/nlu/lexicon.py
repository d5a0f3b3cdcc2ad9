"""The second voice of the classifier: which words and pairs of words speak for which intent.

A sentence vector blurs single words; "quota", "webmail" or "came back" each nearly settle the
matter. Scores of both are added before the softmax (late, so that neither drowns the other).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_TOKEN = re.compile(r"[a-z]+'?[a-z]*|\d+")
_PLAIN = re.compile(r"[a-zA-Z' ]+[?! ]*")
_LEAST_LETTERS = 5


@dataclass(frozen=True)
class Lexicon:
    """TF-IDF of words and pairs, and a linear model: ``weights`` (intents, terms), ``bias``."""

    terms: tuple[str, ...]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def __post_init__(self) -> None:
        """Index the terms once."""
        object.__setattr__(self, "_place", {term: i for i, term in enumerate(self.terms)})

    def scores(self, text: str) -> np.ndarray:
        """Return the score of each intent, shape ``(intents,)``."""
        places, values = self._vector(text)
        return np.asarray(self.weights[:, places] @ values + self.bias)

    def knows(self, text: str) -> bool:
        """False for plain letters without one word of the examples ("zzxx kkww"), which any
        model would still take for something. Names, numbers and short words get the benefit."""
        if not _PLAIN.fullmatch(text) or len(text) < _LEAST_LETTERS:
            return True
        place: dict[str, int] = self._place  # type: ignore[attr-defined]
        return any(word in place for word in _TOKEN.findall(text.lower()))

    def _vector(self, text: str) -> tuple[list[int], np.ndarray]:
        place: dict[str, int] = self._place  # type: ignore[attr-defined]
        counts = Counter(term for term in terms_of(text) if term in place)
        places = [place[term] for term in counts]
        values = np.array([1 + np.log(n) for n in counts.values()]) * self.idf[places]
        length = float(np.linalg.norm(values)) if places else 1.0
        return places, values / max(length, 1e-9)


def terms_of(text: str) -> list[str]:
    """Words and pairs of neighbours, in lower case."""
    words = _TOKEN.findall(text.lower())
    return words + [f"{a} {b}" for a, b in itertools.pairwise(words)]


def fit(texts: Sequence[str], labels: Sequence[str], *, c: float = 10.0) -> Lexicon:
    """Learn from texts (already put right in spelling). Intents come out sorted by name."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    vectorizer = TfidfVectorizer(analyzer=terms_of, min_df=2, sublinear_tf=True)
    matrix = vectorizer.fit_transform(texts)
    model = LogisticRegression(C=c, class_weight="balanced", max_iter=100)
    with threadpool_limits(1):
        model.fit(matrix, list(labels))
    return Lexicon(
        terms=tuple(str(term) for term in vectorizer.get_feature_names_out()),
        idf=vectorizer.idf_.astype(np.float32),
        weights=model.coef_.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
    )
