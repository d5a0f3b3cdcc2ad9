"""Terms, invoices, backups, installing a script."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.explain import explain


class ActionExplain(Decided):
    """See ``qiq.talk.explain.explain``."""

    label = "action_explain"
    decide = staticmethod(explain)
