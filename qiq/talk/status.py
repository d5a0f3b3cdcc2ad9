"""The answer to "is the server down?", and what can be said to somebody who knows no domain."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from qiq.talk import buttons, incidents, questions
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.incidents import Going
from qiq.talk.model import Ask, Say, Talk, Turn


def told(talk: Talk, found: Found, going: Sequence[Going], house: House) -> Turn:
    """Incidents first, then what a look just now showed, then the way on."""
    zone = ZoneInfo(house.settings.hours.timezone)
    says = [incidents.told(one, zone) for one in going[:2]]
    says.append(Say(text=found.text, custom=found.payload))
    if found.payload.get("case"):
        says.append(Say("utter_host_fault", {"case": str(found.payload["case"])}))
    if talk.ask is Ask.PERSON:
        choice = (buttons.person(), buttons.no())
        return Turn(talk, (*says, Say("utter_general_then", buttons=choice)))
    if talk.ask in (Ask.NOTHING, Ask.RATING):
        groups = (*buttons.groups(), buttons.person())
        return Turn(talk.asking(Ask.WHICH), (*says, Say("utter_status_then", buttons=groups)))
    return Turn(talk, (*says, *questions.again(talk)))
