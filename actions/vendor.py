"""How to reach somebody else."""

from __future__ import annotations

from actions.stage import Decided
from qiq.talk.explain import vendor


class ActionVendor(Decided):
    """See ``qiq.talk.explain.vendor``."""

    label = "action_vendor"
    decide = staticmethod(vendor)
