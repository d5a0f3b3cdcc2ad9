"""Greetings, thanks and chatter."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.smalltalk import smalltalk


class ActionSmalltalk(Decided):
    """See ``qiq.talk.smalltalk.smalltalk``."""

    label = "action_smalltalk"
    decide = staticmethod(smalltalk)
