"""The customer needs a minute."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.repair import wait


class ActionWait(Decided):
    """See ``qiq.talk.repair.wait``."""

    label = "action_wait"
    decide = staticmethod(wait)
