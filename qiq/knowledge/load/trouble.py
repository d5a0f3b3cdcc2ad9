"""``trouble.yml``: which first-aid steps fit which kind of trouble, in order."""

from __future__ import annotations

from collections.abc import Iterable

from qiq.knowledge.load.files import PARTIES, Files
from qiq.knowledge.model import Trouble


def load_trouble(files: Files, steps: Iterable[str]) -> tuple[Trouble, ...]:
    """All rules, in the order of the file."""
    known = set(steps)
    result = []
    for entry, f in files.entries("trouble.yml"):
        rule = Trouble(
            entry,
            f.choice("party", PARTIES),
            f.texts("intents"),
            f.texts("kinds"),
            f.texts("steps", required=True),
        )
        for step in rule.steps:
            if step not in known:
                f.wrong(
                    "steps", f"'{step}' does not exist", "name a step of first_aid.yml or add it"
                )
        f.done()
        result.append(rule)
    return tuple(result)
