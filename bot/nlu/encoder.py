"""Sentence vectors from the encoder shipped beside this file (see ``encoder/MODEL.md``).

Knows nothing of Rasa. The files are checked against their recorded SHA-256 before they are
loaded: a half-copied or exchanged model must fail at start-up, not answer nonsense.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from qiq.text.spelling import Speller

FOLDER = Path(__file__).parent / "encoder"
MANIFEST = "manifest.json"
MAX_CHARS = 4000
"""Text beyond this cannot reach the token limit's window and is not even tokenised."""


class EncoderError(Exception):
    """A model file is missing or is not the one recorded in the manifest."""


class Encoder:
    """Turns texts into unit vectors of ``size`` numbers (float32)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load and verify. Raises EncoderError naming the file and the fix."""
        import onnxruntime
        from tokenizers import Tokenizer

        manifest = _read_manifest(folder)
        for name, digest in manifest["sha256"].items():
            _verify(folder / name, digest)
        self.fingerprint: str = "-".join(d[:16] for d in manifest["sha256"].values())
        self.size: int = manifest["size"]
        self._max_tokens: int = manifest["max_tokens"]
        words = (folder / "words.txt").read_text(encoding="utf-8").split()
        self._speller = Speller({word: rank for rank, word in enumerate(words)})
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=100_000)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one core per Rasa process; more threads only spin
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> np.ndarray:
        """Return the unit vector of one text, shape ``(size,)``; zeros for an empty text."""
        ids = self._token_ids(text)
        if not ids:
            return np.zeros(self.size, dtype=np.float32)
        vectors = [self._window_vector(window) for window in _windows(ids, self._max_tokens - 2)]
        mean = np.mean(vectors, axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)

    def read(self, text: str) -> str:
        """Return the text as it is understood: single spaces, plain apostrophes, spelling right."""
        return self._speller.correct(normalise(text[:MAX_CHARS]))

    def encode_all(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text, shape ``(len(texts), size)``."""
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        return np.stack([self.encode(text) for text in texts])

    def _token_ids(self, text: str) -> list[int]:
        plain = self.read(text)
        if not plain:
            return []
        return list(self._tokenizer.encode(plain, add_special_tokens=False).ids)

    def _window_vector(self, window: list[int]) -> np.ndarray:
        ids = np.array([[101, *window, 102]], dtype=np.int64)  # [CLS] … [SEP]
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        tokens = self._session.run(None, inputs)[0][0]
        mean = tokens.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9))


_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Single spaces; straight apostrophes: the two spellings must not be two vectors."""
    return _SPACES.sub(" ", text.replace("’", "'").replace("‘", "'")).strip()


def _windows(ids: list[int], length: int, most: int = 2) -> list[list[int]]:
    """The first and the last stretch of a long text: people say what is wrong at either end."""
    if len(ids) <= length:
        return [ids]
    return [ids[:length], ids[-length:]][:most]


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise EncoderError(f"{path} is missing: restore the folder from the repository.")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _verify(path: Path, digest: str) -> None:
    if not path.is_file():
        raise EncoderError(f"{path} is missing: restore it from the repository or `make encoder`.")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        raise EncoderError(
            f"{path} has SHA-256 {found[:12]}…, {MANIFEST} records {digest[:12]}…: "
            "restore both from the repository, or make them anew with `make encoder`."
        )


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The one encoder of this process: components of several models share it."""
    return Encoder()
