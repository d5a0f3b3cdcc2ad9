"""Read the intents' examples of ``data/nlu`` without Rasa."""

from __future__ import annotations

from pathlib import Path

import yaml


def examples(folder: Path) -> tuple[list[str], list[str]]:
    """Return texts and their intents."""
    texts: list[str] = []
    intents: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line[2:].strip() for line in block["examples"].strip().split("\n")]
            texts += lines
            intents += [block["intent"]] * len(lines)
    return texts, intents
