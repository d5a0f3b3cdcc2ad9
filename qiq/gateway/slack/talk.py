"""What staff must see of one conversation or alert, gathered from the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiq.desk import Conversation, Desk
from qiq.desk.model import Alert, Case, DiagnosisRecord, Handover

RANK = ("host_fault", "person", "stuck", "delivery", "silence", "channel", "part_down")


@dataclass(frozen=True)
class Talk:
    """A root message's content. ``conversation`` is None for an alert about a part."""

    key: str
    alerts: tuple[Alert, ...]
    conversation: Conversation | None = None
    case: Case | None = None
    diagnosis: DiagnosisRecord | None = None
    handover: Handover | None = None
    snoozed_until: datetime | None = None

    @property
    def kind(self) -> str:
        """The most urgent open alert's kind; ``quiet`` when none is open."""
        found = [alert.kind for alert in self.alerts]
        return min(found, key=lambda k: RANK.index(k) if k in RANK else len(RANK), default="quiet")

    @property
    def is_open(self) -> bool:
        """Whether staff still have something to do about it."""
        return any(alert.state == "open" for alert in self.alerts)

    @property
    def topic(self) -> str:
        """Which Slack channel it belongs to."""
        if self.kind in ("person", "stuck", "silence", "delivery"):
            return "person"
        area = (self.case.cause or "").partition(".")[0] if self.case else ""
        return {
            "mail": "mail",
            "tls": "mail",
            "web": "web",
            "dns": "dns",
            "account": "account",
        }.get(area, "default")


def key_of(alert: Alert) -> str:
    """One root message per conversation; alerts without one have their own."""
    return f"c:{alert.conversation_id}" if alert.conversation_id else f"a:{alert.id}"


def gather(desk: Desk, key: str, snoozed_until: datetime | None = None) -> Talk:
    """Reads everything one root message shows."""
    if not key.startswith("c:"):
        alert = desk.alert_of(key.removeprefix("a:"))
        return Talk(key, (alert,) if alert else (), snoozed_until=snoozed_until)
    conversation_id = key.removeprefix("c:")
    opened = desk.open_alerts()
    cases = desk.cases_of(conversation_id)
    case = cases[-1] if cases else None
    diagnoses = desk.diagnoses(case) if case else []
    return Talk(
        key=key,
        alerts=tuple(alert for alert in opened if alert.conversation_id == conversation_id),
        conversation=desk.conversation(conversation_id),
        case=case,
        diagnosis=diagnoses[-1] if diagnoses else None,
        handover=desk.handover(conversation_id),
        snoozed_until=snoozed_until,
    )
