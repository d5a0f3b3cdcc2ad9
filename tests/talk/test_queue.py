"""What a customer who waits for a person is told of the wait, and what the person is told."""

from __future__ import annotations

import pytest

from qiq.desk import Handover
from qiq.talk import handover
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Details, Evidence, Outcome, Problem, Talk
from tests.talk.conftest import Play


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
    assert bool(say.custom) == (not today), "the form only where nobody will be in time"


def test_the_person_gets_who_what_evidence_steps_and_mood(play: Play) -> None:
    play.hears("complain_service", "this is ridiculous")
    problem = Problem(
        "email_cannot_connect",
        "Outlook geht nicht",
        "müller.example",
        details=Details(client="outlook"),
        case="QIQ-TEST2",
        outcome=Outcome(
            "host_fault",
            "mail.imap.refused",
            "host",
            "proven",
            (Evidence("mail.imaps.connect", "fail", "refused on port 993"),),
        ),
        steps=("webmail",),
        checks=2,
    )
    pressed = Message("ask_human", signed_in=("müller.example",), page="https://müller.example/")
    told = handover.summary(Talk((problem,), upset=play.talk.upset), pressed, "asked")
    for part in ("verified for müller.example", "https://müller.example/", "Outlook geht nicht",
                 "QIQ-TEST2", "client outlook", "mail.imap.refused", "refused on port 993",
                 "webmail", "upset"):  # fmt: skip
        assert part in told


def test_who_proved_nothing_is_no_known_customer() -> None:
    told = handover.summary(Talk(), Message("ask_human"), "asked")
    assert "not verified" in told
    assert "calm" in told
