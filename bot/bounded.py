"""Shorten a tracker without losing its state."""

from __future__ import annotations

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker


def bounded_events(tracker: DialogueStateTracker, domain: Domain, turns: int) -> list[Event]:
    """Events that recreate the tracker: its state before the last `turns` user messages, then
    all events from the first of these on."""
    events = list(tracker.events)
    messages = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(messages) <= turns:
        return events
    cut = messages[-turns]
    return [*_summary(tracker.sender_id, events[:cut], domain), *events[cut:]]


def _summary(sender_id: str, head: list[Event], domain: Domain) -> list[Event]:
    """The state that `head` leads to, in as few events as can say it."""
    past = DialogueStateTracker.from_events(sender_id, head, domain.slots)
    at = head[-1].timestamp
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at)]
    events.append(SessionStarted(timestamp=at))
    events += [
        SlotSet(slot.name, slot.value, timestamp=at)
        for slot in past.slots.values()
        if slot.value != slot.initial_value
    ]
    if past.active_loop_name:
        events.append(ActiveLoop(past.active_loop_name, timestamp=at))
    if past.is_paused():
        events.append(ConversationPaused(timestamp=at))
    return [*events, ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)]
