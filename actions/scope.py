"""Whose job is it?"""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.explain import scope


class ActionScope(Decided):
    """See ``qiq.talk.explain.scope``."""

    label = "action_scope"
    decide = staticmethod(scope)
