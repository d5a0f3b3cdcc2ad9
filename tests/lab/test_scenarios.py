"""Every scenario is complete, makes sense to the lab, and has its near-miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.faults import apply_fault
from lab.healthy import healthy_world
from lab.scenarios import AREAS, Scenario, ScenarioError, find, load
from qiq.knowledge import load as load_knowledge

ALL = list(load().values())
WORDS_OF_THE_ISSUE = (
    "imap-down", "mail-down", "web-down", "cert-expired", "script-500", "web-500",
    "wordpress-white", "mx-elsewhere",
)  # fmt: skip


def test_there_are_enough_in_every_area() -> None:
    assert len(ALL) >= 60
    assert {one.area for one in ALL} == set(AREAS)


@pytest.mark.parametrize("name", WORDS_OF_THE_ISSUE)
def test_short_names_work(name: str) -> None:
    assert find(name).faults


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.name)
def test_faults_make_sense(scenario: Scenario) -> None:
    for faults in (scenario.faults, scenario.near_miss.faults):
        world = healthy_world()
        for fault in faults:
            apply_fault(world, dict(fault))


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.name)
def test_a_near_miss_differs_in_what_happens_and_in_what_is_said(scenario: Scenario) -> None:
    near = scenario.near_miss
    assert (near.faults, near.complaint) != (scenario.faults, scenario.complaint)
    assert near.expect != scenario.expect
    assert near.description
    assert scenario.description.endswith(".")


def test_causes_are_those_the_product_knows() -> None:
    knowledge = load_knowledge()
    for scenario in ALL:
        for expected in (scenario.expect, scenario.near_miss.expect):
            if expected.cause:
                assert knowledge.cause(expected.cause).verdict == expected.verdict, scenario.name


WITHOUT_SCENARIO = {
    "account.domain_missing": "without an account the domain is not hosted here at all",
    "account.php_error": "goes with web.script.error, which comes first",
    "dns.caa.blocks": "only a remark, and the pretend authority is in no list of issuers",
    "dns.soa.missing": "our own servers do not load such a zone: dns.ns.own_lame",
    "mail.mailbox.refused": "the account's own facts say it first",
    "unclear.busy": "a budget of ours, not a fault of anybody",
    "unclear.not_proven": "what is left when nothing else fits",
    "web.slow.unclear": "needs a slow site without any plain file",
}
"""Causes that no fault of the lab can bring out alone, and why."""


def test_every_cause_has_a_scenario_or_a_reason_why_not() -> None:
    shown = {one.expect.cause for one in ALL} | {one.near_miss.expect.cause for one in ALL}
    known = set(load_knowledge().causes)
    assert known - shown - WITHOUT_SCENARIO.keys() == set()
    assert WITHOUT_SCENARIO.keys() - known == set()
    assert WITHOUT_SCENARIO.keys() & shown == set()


def test_aliases_are_unique() -> None:
    aliases = [alias for one in ALL for alias in one.aliases]
    assert len(aliases) == len(set(aliases))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: x", "needs complaint, description"),
        ("- 1", "needs a mapping"),
        (": [", "not YAML"),
        ("{title: a, description: b, faults: [], complaint: {intent: x, domain: y}, "
         "expect: {verdict: guilty}, near_miss: {}}", "'guilty' is no verdict code"),
        ("{title: a, description: b, faults: [], complaint: {intent: x, domain: y}, "
         "expect: {verdict: dns}, near_miss: {}}", "near_miss needs"),
        ("{title: a, description: b, faults: [], complaint: {mood: x}, "
         "expect: {verdict: dns}, near_miss: {}}", "complaint"),
    ],
)  # fmt: skip
def test_an_incomplete_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "bad.yml").write_text(text)
    with pytest.raises(ScenarioError, match=f"web/bad: .*{words}"):
        load(tmp_path)
