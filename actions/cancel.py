"""Stop, or start over."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.repair import cancel


class ActionCancel(Decided):
    """See ``qiq.talk.repair.cancel``."""

    label = "action_cancel"
    decide = staticmethod(cancel)
