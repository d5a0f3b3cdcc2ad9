"""The product's own sentences, read without the rest of the knowledge."""

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
