"""A message that comes again: the talk goes back to where it was before it.

The gateway asks again, with the same id, when it could not keep the answer of a turn (a part was
killed, the database was away). Rasa may have finished that turn and saved it: answered on top of
it, a domain typed once would count as typed twice, and the result would never be told.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import turn

Fetch = Callable[[str], Awaitable[DialogueStateTracker]]


def forget_repeated(processor: MessageProcessor) -> None:
    """From now on `processor` answers a repeated message as it did the first time."""
    fetch: Fetch = processor.get_tracker

    async def before_this_message(conversation_id: str) -> DialogueStateTracker:
        return before(await fetch(conversation_id), turn.message())

    processor.get_tracker = before_this_message  # type: ignore[method-assign]


def before(tracker: DialogueStateTracker, message: str) -> DialogueStateTracker:
    """The tracker as it was before its last message, if that has this id; else as it is."""
    events = list(tracker.events)
    last = next((n for n in range(len(events) - 1, -1, -1) if _is_message(events[n])), None)
    if last is None or not message or events[last].message_id != message:
        return tracker
    return DialogueStateTracker.from_events(
        tracker.sender_id,
        events[:last],
        tracker.slots.values(),
        tracker._max_event_history,
        tracker.sender_source,
    )


def _is_message(event: object) -> bool:
    return isinstance(event, UserUttered)
