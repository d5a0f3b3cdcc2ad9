"""Another language, or no words at all."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.language import foreign


class ActionLanguage(Decided):
    """See ``qiq.talk.language.foreign``."""

    label = "action_language"
    decide = staticmethod(foreign)
