"""Says that the checks are under way; a step of its own, so that it arrives before they end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rasa_sdk import Tracker

from actions import casebook
from actions.stage import TalkAction
from qiq.talk import incidents
from qiq.talk.checking import start
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Talk, Turn


class ActionCheckStart(TalkAction):
    """Tells of an open incident at once; the checks still run, and decide."""

    label = "action_check_start"

    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        if not talk.problems:
            return Turn(talk)
        zone = ZoneInfo(house.settings.hours.timezone)
        intent = talk.problems[talk.checking].intent
        going = incidents.concerning(intent, await casebook.going())
        return start(talk, tuple(incidents.told(one, zone) for one in going[:1]))
