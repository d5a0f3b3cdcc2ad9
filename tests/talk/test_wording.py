"""Wording is complete: every response that is used exists, varies, and every rule leads on."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from qiq.talk import questions, table
from qiq.talk.front import _WHOLE_TO
from qiq.talk.language import SPOKEN
from qiq.talk.model import Ask
from tests.talk.conftest import rules

ROOT = Path(__file__).parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


def responses() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for name, variations in yaml.safe_load(path.read_text(encoding="utf-8"))[
            "responses"
        ].items():
            assert name not in found, f"{name} is in two files"
            found[name] = variations
    return found


def used() -> set[str]:
    """Names of responses in the code; a name made of parts counts with each of its endings."""
    endings = {
        "utter_language_": (*SPOKEN, "other"),
        "utter_checking_": ("email", "website", "domain", "scope"),
        "utter_ask_what_": table.GROUPS,
        "utter_handover_": ("tried_all", "unclear", "language", "no_domain", "inconclusive"),
    }
    names = {f"utter_ask_domain_{group}" for group in (*table.GROUPS, "scope")}
    for folder in ("qiq/talk", "actions"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and str(node.value).startswith("utter_"):
                    name = str(node.value)
                    names |= {name + e for e in endings.get(name, ())} or {name}
    return names - {"utter_ask_domain_", "utter_ask_"} | {"utter_default"}


def test_every_response_used_exists_and_none_lies_idle():
    derived = {"utter_terms_person", "utter_billing_person"}
    assert used() | derived == set(responses())


def test_no_response_has_a_single_wording():
    assert [name for name, variations in responses().items() if len(variations) < 2] == []


def test_variations_of_a_response_take_the_same_arguments_where_it_matters():
    for name, variations in responses().items():
        needed = [set(re.findall(r"\{(\w+)\}", v["text"])) for v in variations]
        if name.startswith(("utter_step", "utter_why_result", "utter_settings", "utter_vendor")):
            assert all(args == needed[0] for args in needed), name


def test_no_text_turns_the_customer_away():
    for name, variations in responses().items():
        for variation in variations:
            assert not re.search(
                r"not our (problem|fault|job)|cannot help you", variation["text"]
            ), name


def test_every_question_has_words_and_buttons():
    asked = set(Ask) - {Ask.NOTHING}
    assert asked == set(questions._RESPONSES)
    assert asked - set(questions._BUTTONS) == {Ask.WHICH, Ask.CONFIRM_DOMAIN}


def test_every_intent_has_one_rule_and_every_rule_an_action_of_the_domain():
    named = rules()
    assert set(named) == {*DOMAIN["intents"], "nlu_fallback"}
    assert set(named.values()) <= set(DOMAIN["actions"])


def test_every_action_of_the_domain_is_registered_once():
    pytest.importorskip("qiq.diagnosis")
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    assert {n for n in executor.actions if n.startswith("action_")} == set(DOMAIN["actions"])
    assert set(executor.actions) == set(DOMAIN["actions"])


def test_what_the_front_sends_to_is_an_action():
    assert {action for action, _ in _WHOLE_TO.values()} <= set(DOMAIN["actions"])


def test_the_table_knows_every_complaint_and_where_to_go_when_all_is_clear():
    for intent in DOMAIN["intents"]:
        if table.is_known(intent):
            row = table.row(intent)
            assert row.group in (*table.GROUPS, "scope")
            assert 1 <= row.urgency <= 9
            Ask(row.after)
