"""Answers → arguments of Twilio's Messages resource."""

from __future__ import annotations

from dataclasses import dataclass

from qiq.gateway.messenger.fit import fit
from qiq.gateway.messenger.model import Limits, Outgoing

LIMITS = Limits(text=1600)
SMS_LIMITS = Limits(text=1600, pictures=False)
TEMPLATE_WORDS = 900
"""A variable of a template is one line, and the whole at most 1,024 characters."""
"""1,600 characters a message; buttons exist only in approved templates, so all are numbered."""


@dataclass(frozen=True)
class Call:
    """One message to create. ``template`` is set where only an approved template may be sent;
    ``body`` is then its one variable."""

    to: str
    sender: str
    body: str = ""
    template: str | None = None
    picture: str | None = None


def render(message: Outgoing, to: str, sender: str, *, template: str | None = None) -> list[Call]:
    """One call a piece; outside WhatsApp's 24-hour window one call with the template."""
    if template is not None:
        words = " ".join(message.text.split())[:TEMPLATE_WORDS]
        return [Call(to, sender, words, template)]
    limits = LIMITS if to.startswith("whatsapp:") else SMS_LIMITS
    return [Call(to, sender, p.text, picture=p.picture) for p in fit(message, limits)]
