"""Random customers: no silence, no repeated message, no loop, always a way to a person.

The full walk is ``make walk`` (2,000 talks); here a few of the same kind.
"""

import pytest

from tests.conversations.player import Stack
from tests.conversations.walker import report, run

TALKS = 60
PATIENCE = 60.0
"""Generous on a machine that does other things; the promise itself is tested in ``make walk``."""


@pytest.mark.e2e
def test_random_customers_are_never_left_alone(stack: Stack):
    results = run(stack, TALKS, seed=20, patience=PATIENCE, side_by_side=4)
    assert not any(one.wrong for one in results), report(results)
