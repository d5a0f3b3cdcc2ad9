"""Why is this asked, how is this known?"""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.repair import why


class ActionWhy(Decided):
    """See ``qiq.talk.repair.why``."""

    label = "action_why"
    decide = staticmethod(why)
