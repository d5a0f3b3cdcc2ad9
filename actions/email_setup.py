"""Settings and the guide for a mail program."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.setup import set_up


class ActionEmailSetup(Decided):
    """See ``qiq.talk.setup.set_up``."""

    label = "action_email_setup"
    decide = staticmethod(set_up)
