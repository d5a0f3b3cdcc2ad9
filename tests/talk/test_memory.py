"""The slot: small, bounded, and never an exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiq.talk import memory
from qiq.talk.model import Ask, Button, Details, Evidence, Outcome, Problem, Say, Talk

FULL = Talk(
    problems=(
        Problem(
            intent="site_down",
            text="müller.example lädt nicht",
            domain="müller.example",
            details=Details(client="outlook", errors=("http-500",)),
            case="QIQ-7F3K2",
            outcome=Outcome("dns", "dns.x", "dns", "proven", (Evidence("a", "pass", "fine"),)),
            asked=("domain",),
            steps=("restart",),
            checks=2,
        ),
    ),
    ask=Ask.CONFIRM_DOMAIN,
    options=("müller.example",),
    said=(Say("utter_x", {"a": "b"}, (Button("Yes", "affirm", {"domain": "x"}),)),),
    at=12.5,
)


def test_what_is_kept_comes_back():
    assert memory.load(json.loads(json.dumps(memory.dump(FULL)))) == FULL


def test_an_endless_talk_stays_small():
    outcome = Outcome("dns", "c", "dns", evidence=(Evidence("a", "pass", "s" * 160),) * 99)
    long = Problem(intent="site_down", text="ü" * 50_000, domain="x.example", outcome=outcome)
    huge = Talk(problems=(long,) * 50, said=(Say(text="t" * 90_000),) * 50, options=("o",) * 50)
    assert len(json.dumps(memory.dump(huge))) < 60_000


@pytest.mark.parametrize(
    "value",
    [None, 7, "x", [], {}, {"v": 99}, {"v": 1, "ask": "nonsense"}, {"v": 1, "problems": 3},
     {"v": 1, "problems": [{"outcome": {"evidence": [{}]}}]}, {"v": 1, "said": [{"buttons": [1]}]}],
)  # fmt: skip
def test_what_does_not_parse_starts_afresh(value: object):
    assert memory.load(value) == Talk()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_no_value_raises(value: object):
    memory.load({"v": 1, "problems": value, "said": value, "ask": value})
