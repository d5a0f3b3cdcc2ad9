"""Opt-out and opt-in words (the carriers' own lists: CTIA for SMS)."""

from __future__ import annotations

from qiq.gateway.messenger.model import Kind

STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "arret", "arrêt"})
START = frozenset({"start", "unstop", "/start"})
# "cancel" is on the carriers' list too, but here it is a customer stepping back from a question;
# the network itself still honours it where it must (SMS).


def kind_of(text: str) -> Kind:
    """``STOP``, ``START`` or plain ``TEXT``."""
    word = text.strip().casefold()
    if word in STOP:
        return Kind.STOP
    return Kind.START if word in START else Kind.TEXT
