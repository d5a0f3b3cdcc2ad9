"""An answer to the question that stands, or a detail out of the blue."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.answer import answer


class ActionAnswer(Decided):
    """See ``qiq.talk.answer.answer``."""

    label = "action_answer"
    decide = staticmethod(answer)
