"""The training data as a whole."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
import yaml

from scripts.encoder.examples import examples

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    texts, intents = examples(ROOT / "data" / "nlu")
    return list(zip(texts, intents, strict=True))


def domain_intents() -> set[str]:
    raw = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    return {name if isinstance(name, str) else next(iter(name)) for name in raw}


def test_every_intent_of_the_domain_has_examples(pairs: list[tuple[str, str]]) -> None:
    counts = Counter(intent for _, intent in pairs)
    few = {name for name in domain_intents() - {"nlu_fallback"} if counts[name] < 25}
    assert not few


def test_no_example_is_given_twice(pairs: list[tuple[str, str]]) -> None:
    counts = Counter(text.lower() for text, _ in pairs)
    assert not [text for text, count in counts.items() if count > 1]


def test_held_out_messages_are_not_trained_on(pairs: list[tuple[str, str]]) -> None:
    held = yaml.safe_load((ROOT / "tests/nlu/heldout.yml").read_text(encoding="utf-8"))
    assert not {row["text"].lower() for row in held} & {text.lower() for text, _ in pairs}


def test_groups_and_urgency_cover_every_intent() -> None:
    raw = yaml.safe_load((ROOT / "bot/nlu/groups.yml").read_text(encoding="utf-8"))
    grouped = [name for names in raw["groups"].values() for name in names]
    complaints = {n for g in ("mail", "web", "dns", "account", "scope") for n in raw["groups"][g]}
    assert len(grouped) == len(set(grouped))
    assert set(grouped) == domain_intents() - {"nlu_fallback"}
    assert set(raw["urgency"]) == complaints


def test_measuring_knows_nothing_of_rasa() -> None:
    for path in (ROOT / "qiq" / "evaluate").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        assert not [n for n in names if n.split(".")[0] in {"rasa", "rasa_sdk", "bot"}], path
