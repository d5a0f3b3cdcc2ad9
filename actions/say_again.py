"""The last replies once more."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.repair import say_again


class ActionSayAgain(Decided):
    """See ``qiq.talk.repair.say_again``."""

    label = "action_say_again"
    decide = staticmethod(say_again)
    keeps_said = True
