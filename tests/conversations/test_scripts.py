"""The scripted conversations, over REST with the real Rasa, actions, gateway and lab."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qiq.verdict.model import Code
from tests.conversations.coverage import REPAIRS, phrasings, verdicts
from tests.conversations.script import Script, load_all

SCRIPTS = load_all()


@pytest.mark.e2e
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_conversation(script: Script, outcomes: dict[str, str]):
    assert outcomes[script.name] == "", outcomes[script.name]


def test_there_are_enough_of_them():
    assert len(SCRIPTS) >= 120


VERDICTS = tuple(code.value for code in Code)


@pytest.mark.parametrize("repair", REPAIRS)
def test_each_repair_is_played_in_three_phrasings(repair: str):
    said = phrasings(SCRIPTS)[repair]
    assert len(said) >= 3, f"only {sorted(said)}: write a script that plays it in other words"


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_is_reached_by_two_scripts(verdict: str):
    assert len(verdicts(SCRIPTS).get(verdict, ())) >= 2


def test_a_script_that_claims_a_repair_without_playing_it_does_not_count():
    empty = [replace(s, steps=[]) for s in SCRIPTS]
    assert not any(phrasings(empty).values())
    assert not verdicts(empty)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_reaches_the_verdicts_it_claims(script: Script):
    assert set(script.covers) & set(VERDICTS) <= set(verdicts([script]))
