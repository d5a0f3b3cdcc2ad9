"""Every cause of a verdict leads to words, next steps, and a door or an explicit none."""

from __future__ import annotations

import pytest

from qiq.knowledge import Knowledge, load
from qiq.knowledge.__main__ import cause_problems

CAUSES = sorted(load().causes)


@pytest.mark.parametrize("code", CAUSES)
def test_each_cause_has_words_for_customer_and_staff(code: str, known: Knowledge) -> None:
    cause = known.cause(code)
    assert cause.customer
    assert cause.staff
    assert cause.severity
    assert cause.next_steps
    if cause.verdict == "third_party":
        assert cause.refer_by_party or cause.referrals
    if cause.verdict == "host_fault":
        assert not cause.refer_by_party
        assert cause.referrals == ()


def test_every_door_a_cause_names_exists(known: Knowledge) -> None:
    assert cause_problems(known) == []
