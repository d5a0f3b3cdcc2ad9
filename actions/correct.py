"""A detail taken back."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.correct import correct


class ActionCorrect(Decided):
    """See ``qiq.talk.correct.correct``."""

    label = "action_correct"
    decide = staticmethod(correct)
