"""A message that was not understood."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.clarify import clarify


class ActionClarify(Decided):
    """See ``qiq.talk.clarify.clarify``."""

    label = "action_clarify"
    decide = staticmethod(clarify)
