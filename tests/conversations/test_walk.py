"""Random customers: no silence, no repeated message, no loop, always a way to a person.

The full walk is ``make walk`` (2,000 talks); here a few of the same kind.
"""

import pytest

from qiq import knowledge
from tests.conversations.player import Stack
from tests.conversations.walker import longest_silence, report, run

TALKS = 60
PATIENCE = 60.0
"""Generous on a machine that does other things; the promise itself is tested in ``make walk``."""


@pytest.mark.e2e
def test_random_customers_are_never_left_alone(stack: Stack):
    results = run(stack, TALKS, seed=20, patience=PATIENCE, side_by_side=4)
    assert not any(one.wrong for one in results), report(results)


def test_silence_is_counted_between_words_not_over_a_turn():
    def said(author: str, second: int, text: str = "…") -> dict[str, str]:
        at = f"2026-11-23T10:00:{second:02}+00:00"
        return {"type": "message", "author": author, "text": text, "at": at}

    talk = [said("visitor", 0), said("system", 7), said("bot", 12), said("visitor", 50)]
    assert longest_silence(talk) == 7
    assert longest_silence([*talk, said("bot", 59)]) == 9
    repaired = knowledge.load().say("system.repaired_case", case="QIQ-TEST2")
    assert longest_silence([*talk[:3], said("bot", 59, repaired)]) == 7, "news comes when it comes"
    assert longest_silence([]) == 0
