"""What must not be forgotten: conversations, cases, incidents, handovers, deliveries."""

from qiq.desk.desk import Desk
from qiq.desk.model import (
    Alert,
    Button,
    Case,
    Conversation,
    Handover,
    Incident,
    Message,
    OutboxItem,
    Turn,
    Watch,
)
from qiq.desk.store import StoreUnavailable

__all__ = [
    "Alert",
    "Button",
    "Case",
    "Conversation",
    "Desk",
    "Handover",
    "Incident",
    "Message",
    "OutboxItem",
    "StoreUnavailable",
    "Turn",
    "Watch",
]
