"""Answers → arguments of Twilio's Messages resource."""

from __future__ import annotations

from dataclasses import dataclass

from qiq.gateway.messenger.fit import fit
from qiq.gateway.messenger.model import Limits, Outgoing

LIMITS = Limits(text=1600)
"""1,600 characters a message; buttons exist only in approved templates, so all are numbered."""


@dataclass(frozen=True)
class Call:
    """One message to create. ``template`` is set where only an approved template may be sent."""

    to: str
    sender: str
    body: str = ""
    template: str | None = None


def render(message: Outgoing, to: str, sender: str, *, template: str | None = None) -> list[Call]:
    """One call a piece; outside WhatsApp's 24-hour window one call with the template."""
    if template is not None:
        return [Call(to, sender, template=template)]
    return [Call(to, sender, piece.text) for piece in fit(message, LIMITS)]
