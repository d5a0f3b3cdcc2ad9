"""Anger at the bot or the support."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.repair import sympathise


class ActionSympathise(Decided):
    """See ``qiq.talk.repair.sympathise``."""

    label = "action_sympathise"
    decide = staticmethod(sympathise)
