"""It works now."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.solved import solved


class ActionSolved(Decided):
    """See ``qiq.talk.solved.solved``."""

    label = "action_solved"
    decide = staticmethod(solved)
