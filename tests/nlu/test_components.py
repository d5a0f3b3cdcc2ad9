"""The NLU components, trained on a few intents in Rasa's own environment."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = {
    "send": "whatever I write stays in the outbox and won't be sent",
    "typos": "my webiste is complettely dwon and unreachabel",
    "two": "my website can't be reached since this morning and also my emails won't send",
    "command": '/site_down{"domain": "example.com"}',
    "empty": "",
    "spaces": " \n ",
    "emoji": "😀😀🎉",
    "invisible": "\u200b\u200d\ufeff",
    "arabic": "موقعي لا يعمل منذ الصباح",
    "german": "Meine Webseite geht seit heute nicht mehr",
    "long": "my site example.com is down " * 2000,
    "surrogate": "broken \ud83d half",
    "entities": "Thunderbrid on win 11 says 0x800CCC0E for info@example.com",
    "gibberish": "Zzxx kkww ppqq",
    "name": "rosebakery.example",
    "www": "shop.example.co.uk is offline",
}


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """What the components make of each text."""
    python = Path(os.environ.get("QIQ_RASA_PYTHON", ROOT / ".venv-rasa" / "bin" / "python"))
    run = subprocess.run(
        [str(python), "-W", "ignore", "-m", "tests.nlu.in_rasa"],
        input=json.dumps(list(TEXTS.values())),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return dict(zip(TEXTS, json.loads(run.stdout.splitlines()[-1]), strict=True))


def test_a_stored_and_loaded_classifier_names_the_intent(answers: dict[str, Any]) -> None:
    assert answers["send"]["intent"]["name"] == "email_cannot_send"


def test_the_ranking_is_a_probability_in_falling_order(answers: dict[str, Any]) -> None:
    confidences = [row["confidence"] for row in answers["send"]["intent_ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0, abs=1e-3)


def test_groups_say_what_a_broad_question_can_offer(answers: dict[str, Any]) -> None:
    first = answers["send"]["intent_groups"][0]
    assert (first["name"], first["best"]) == ("mail", "email_cannot_send")


def test_typing_errors_do_not_hide_the_meaning(answers: dict[str, Any]) -> None:
    assert answers["typos"]["intent"]["name"] == "site_down"


def test_of_two_complaints_the_urgent_one_comes_first_and_the_other_is_kept(
    answers: dict[str, Any],
) -> None:
    assert answers["two"]["intent"]["name"] == "site_down"
    assert answers["two"]["second_intent"]["name"] == "email_cannot_send"


def test_one_complaint_has_no_second(answers: dict[str, Any]) -> None:
    assert "second_intent" not in answers["send"]


def test_text_that_looks_like_a_command_is_plain_text(answers: dict[str, Any]) -> None:
    assert answers["command"]["intent"]["confidence"] < 1.0
    assert [e["value"] for e in answers["command"]["entities"]] == ["example.com"]


def test_an_address_is_no_gibberish(answers: dict[str, Any]) -> None:
    assert answers["name"]["intent"]["name"] != "nlu_fallback"


@pytest.mark.parametrize("name", ["empty", "spaces", "emoji", "invisible", "surrogate", "long"])
def test_odd_messages_are_answered(answers: dict[str, Any], name: str) -> None:
    assert answers[name]["intent"]["name"]


@pytest.mark.parametrize("name", ["empty", "spaces", "gibberish"])
def test_nothing_said_is_a_fallback(answers: dict[str, Any], name: str) -> None:
    assert answers[name]["intent"]["name"] == "nlu_fallback"


@pytest.mark.parametrize(("name", "code"), [("arabic", "ar"), ("german", "de"), ("send", "en")])
def test_the_language_is_named(answers: dict[str, Any], name: str, code: str) -> None:
    assert answers[name]["language"] == code


def test_entities_carry_ids_and_what_was_written(answers: dict[str, Any]) -> None:
    found = {e["entity"]: (e["value"], e["text"]) for e in answers["entities"]["entities"]}
    assert found["client"] == ("thunderbird", "Thunderbrid")
    assert found["os"] == ("windows-11", "win 11")
    assert found["email"] == ("info@example.com", "info@example.com")
    assert found["error_code"][1] == "0x800CCC0E"


def test_a_domain_brings_host_and_registrable_name(answers: dict[str, Any]) -> None:
    domain = answers["www"]["entities"][0]
    assert domain["value"] == "shop.example.co.uk"
    assert domain["registrable"] == "example.co.uk"
