"""Every known error is found in a paste as a customer would send it."""

from __future__ import annotations

import pytest

from qiq.knowledge import Knowledge, load
from qiq.knowledge.match.matcher import Matcher
from qiq.knowledge.match.patterns import Pattern
from tests.knowledge.pastes import SURROUNDINGS, wrapped

ENTRIES = sorted(load().errors.entries)


@pytest.mark.parametrize("entry_id", ENTRIES)
def test_each_example_names_its_error(entry_id: str, known: Knowledge) -> None:
    for example in known.error(entry_id).examples:
        found = [hit.entry.id for hit in known.match_errors(example)]
        assert entry_id in found, f"{example!r} gave {found}"


@pytest.mark.parametrize("entry_id", ENTRIES)
def test_each_pattern_is_needed_by_one_of_the_examples(entry_id: str, known: Knowledge) -> None:
    patterns = [p for p in known.errors.patterns if p.entry == entry_id]
    idle = [p.source for p in patterns if not _found_alone(p, known)]
    assert idle == []


def _found_alone(pattern: Pattern, known: Knowledge) -> bool:
    alone = Matcher({pattern.entry: known.error(pattern.entry)}, (pattern,), {})
    return any(alone.match(example) for example in known.error(pattern.entry).examples)


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
def test_errors_are_found_inside_a_longer_story(surrounding: str, known: Knowledge) -> None:
    missed = []
    for entry_id, entry in known.errors.entries.items():
        text = surrounding.format(error=entry.examples[0])
        if entry_id not in [hit.entry.id for hit in known.match_errors(text)]:
            missed.append(entry_id)
    assert missed == []


def test_wrapped_and_forwarded_sentences_are_found(known: Knowledge) -> None:
    long_ones = [e for e in known.errors.entries.values() if "\n" not in e.examples[0]]
    missed = [
        e.id
        for e in long_ones
        if e.category not in ("ftp", "cloudflare")
        and e.id not in [h.entry.id for h in known.match_errors(wrapped(e.examples[0]))]
    ]
    assert missed == []
