"""The answer to "is the server down?", and what can be said to somebody who knows no domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from qiq.talk import buttons, questions
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.model import Ask, Say, Talk, Turn


class Going(Protocol):
    """An open incident (``qiq.desk.Incident`` has it)."""

    @property
    def title(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...


def told(talk: Talk, found: Found, incidents: Sequence[Going], house: House) -> Turn:
    """Incidents first, then what a look just now showed, then the way on."""
    zone = ZoneInfo(house.settings.hours.timezone)
    says = [
        Say(
            "utter_status_incident",
            {"title": one.title, "since": one.opened_at.astimezone(zone).strftime("%H:%M")},
        )
        for one in incidents[:2]
    ]
    says.append(Say(text=found.text, custom=found.payload))
    if talk.ask is Ask.PERSON:
        choice = (buttons.person(), buttons.no())
        return Turn(talk, (*says, Say("utter_general_then", buttons=choice)))
    if talk.ask in (Ask.NOTHING, Ask.RATING):
        groups = (*buttons.groups(), buttons.person())
        return Turn(talk.asking(Ask.WHICH), (*says, Say("utter_status_then", buttons=groups)))
    return Turn(talk, (*says, *questions.again(talk)))
