"""A complaint, wherever the talk stands."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.complain import complain


class ActionComplain(Decided):
    """See ``qiq.talk.complain.complain``."""

    label = "action_complain"
    decide = staticmethod(complain)
