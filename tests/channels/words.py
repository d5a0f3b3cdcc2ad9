"""The product's own sentences, read without the rest of the knowledge."""

import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / "knowledge" / "wording"
WORDS = {
    key: text
    for file in sorted(FOLDER.glob("*.yml"))
    for key, text in yaml.safe_load(file.read_text(encoding="utf-8")).items()
}


def say(key: str, /, **args: object) -> str:
    """The first variant of a sentence, its blanks filled."""
    text = WORDS[key]
    return (text if isinstance(text, str) else text[0]).format(**args)


def said(key: str, text: str) -> bool:
    """Whether ``text`` is a variant of the sentence, its blanks filled by anything.

    Numbered choices may follow it.
    """
    found = WORDS[key]
    variants = [found] if isinstance(found, str) else found
    return any(_pattern(one).fullmatch(text) for one in variants)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", sentence)
    words = ".*".join(re.escape(part) for part in parts)
    return re.compile(rf"{words}(\n\n1\. .*)?", re.DOTALL)
