"""Says that the checks are under way; a step of its own, so that it arrives before they end."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.checking import start
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Talk, Turn


class ActionCheckStart(Decided):
    """See ``qiq.talk.checking.start``."""

    label = "action_check_start"

    @staticmethod
    def decide(talk: Talk, message: Message, house: House) -> Turn:
        return start(talk)
