"""The scripted conversations, over REST with the real Rasa, actions, gateway and lab."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conversations.script import Script, load_all

SCRIPTS = load_all()


@pytest.mark.e2e
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_conversation(script: Script, outcomes: dict[str, str]):
    assert outcomes[script.name] == "", outcomes[script.name]


def test_there_are_enough_of_them():
    assert len(SCRIPTS) >= 120


REPAIRS = ("interrupt", "correct", "change-of-mind", "cancel", "start-over", "why", "say-again",
           "wait", "question-for-answer", "details-at-once", "detail-first", "two-problems",
           "new-problem", "chit-chat", "anger", "one-word", "comes-back", "persists", "solved",
           "dont-know", "not-understood", "person")  # fmt: skip
VERDICTS = ("host_fault", "account", "dns", "third_party", "all_clear", "inconclusive",
            "not_hosted")  # fmt: skip


@pytest.mark.parametrize("repair", REPAIRS)
def test_each_repair_is_played_in_three_phrasings(repair: str):
    assert covered()[repair] >= 3


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_reached_twice(verdict: str):
    assert covered()[verdict] >= 2


def covered() -> Counter[str]:
    return Counter(topic for script in SCRIPTS for topic in script.covers)
