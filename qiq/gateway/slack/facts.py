"""What the panel says of an account, for staff. Pure."""

from __future__ import annotations

from qiq.gateway.slack.blocks import escape
from qiq.gateway.words import Say
from qiq.hosting.model import DomainFacts, Usage


def account(facts: DomainFacts, say: Say) -> str:
    """One line; what the panel does not say is left out."""
    used = {"disk": facts.disk, "inodes": facts.inodes, "bandwidth": facts.bandwidth}
    parts = [
        say("slack.account.at", server=escape(facts.server or "–"),
            mail_server=escape(facts.mail_server or facts.server or "–")),
        *(_usage(name, usage, say) for name, usage in used.items() if usage is not None),
    ]  # fmt: skip
    if facts.suspended:
        parts.append(say("slack.account.suspended", reason=escape(facts.suspended)))
    if facts.contact_email:
        parts.append(say("slack.account.contact", email=escape(facts.contact_email)))
    return say("slack.account", facts=" · ".join(parts))


def _usage(name: str, usage: Usage, say: Say) -> str:
    quota = str(usage.quota) if usage.quota else "∞"
    return say(f"slack.account.{name}", used=str(usage.used), quota=quota)
