"""Write the words the speller takes for known: the examples' own first, then the encoder's.

A word of the examples counts when it is written twice and is no slip of a much more usual one:
the examples hold typing errors on purpose.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from qiq.text.spelling import one_slip
from scripts.encoder.examples import examples

FROM_ENCODER = 14_000
USUAL = 8


def known(texts: list[str], vocabulary: list[str]) -> list[str]:
    """Return the words, the most usual first, each once."""
    counts = Counter(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))
    usual = [word for word, count in counts.items() if count >= USUAL and len(word) >= 4]
    listed = set(vocabulary)

    def is_slip(word: str, count: int) -> bool:
        return len(word) >= 4 and any(
            counts[other] >= USUAL * count and one_slip(word, other) for other in usual
        )

    own = [
        word
        for word, count in counts.most_common()
        if count >= 2
        and (len(word) > 1 or word in "ai")
        and (word in listed or count >= USUAL or not is_slip(word, count))
    ]
    return list(dict.fromkeys(own + vocabulary))


def main() -> None:
    """Write the list, one word a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    pieces = json.loads(options.tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    ordered = sorted(pieces, key=lambda piece: pieces[piece])
    whole = [w for w in ordered if w.isalpha() and w.isascii() and len(w) > 2][:FROM_ENCODER]
    words = known(examples(options.data)[0], whole)
    options.out.write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
