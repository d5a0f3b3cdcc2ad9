"""Still not working: look again."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.again import again


class ActionPersists(Decided):
    """See ``qiq.talk.again.again``."""

    label = "action_persists"
    decide = staticmethod(again)
