"""Still not working: look again, say what changed, and go one step further."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import needs
from qiq.talk.aid import not_helped
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Talk, Turn

OURS = "ours"
"""The pick of a question about the fault of ours, not about the problem at hand."""


def again(talk: Talk, message: Message, house: House) -> Turn:
    """Runs the checks again. Without a problem yet, asks what is wrong."""
    if message.pick == OURS:
        mine = sorted(talk.problems, key=lambda p: not p.is_ours)
        talk = replace(talk, problems=tuple(mine))
    active = talk.active
    if active is None or active.outcome is None:
        return needs.proceed(talk, message, house)
    notes = not_helped(active) if talk.ask is Ask.HELPED else ()
    talk = talk.with_active(needs.told(active, message))
    talk = replace(talk.quiet(), unclear=0, checking=0)
    return Turn(talk, notes=notes, then="action_check_start")
