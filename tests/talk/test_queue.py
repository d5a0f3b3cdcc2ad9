"""What a customer who waits for a person is told of the wait."""

from __future__ import annotations

import pytest

from qiq.desk import Handover
from qiq.talk import handover
from qiq.talk.house import House
from qiq.talk.model import Talk


@pytest.mark.parametrize(
    ("minutes", "open_now", "today", "response"),
    [
        (20, True, True, "utter_handover_waiting"),
        (None, True, True, "utter_handover_long"),
        (None, True, False, "utter_handover_not_today"),
        (None, False, False, "utter_handover_closed"),
    ],
)
def test_only_what_can_be_known_is_promised(
    house: House, minutes: int | None, open_now: bool, today: bool, response: str
) -> None:
    waiting = Handover("waiting", 9, minutes, open_now, today)
    [say, *_] = handover.told(Talk(), "asked", waiting, house, "tomorrow at 09:00").says
    assert say.response == response
    assert "None" not in say.args.values()
