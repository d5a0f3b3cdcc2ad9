"""Where this project's Rasa differs from the stock one, in one place.

`adapt` changes Rasa's classes before anything is loaded, `settle` the agent once it is.
"""

from __future__ import annotations

import rasa.core.actions.action
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot import turn
from bot.action_endpoint import ActionEndpoint
from bot.remote_action import WatchedRemoteAction
from bot.repeated import forget_repeated


def adapt() -> None:
    """Let text be text, and let the failure of an action be heard of."""
    RegexMessageHandler.process = _leave_text_alone
    rasa.core.actions.action.RemoteAction = WatchedRemoteAction


def settle(agent: Agent) -> None:
    """Take the silent fall back to memory away and keep the connection to the actions open."""
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.tracker_store._tracker_store
    if agent.action_endpoint is not None:
        agent.action_endpoint = ActionEndpoint.like(agent.action_endpoint)
    if agent.processor is not None:
        agent.processor.tracker_store = agent.tracker_store
        agent.processor.action_endpoint = agent.action_endpoint
        agent.processor.on_circuit_break = _listen_again
        forget_repeated(agent.processor)


async def leave(agent: Agent) -> None:
    """Close what `settle` opened."""
    if isinstance(agent.action_endpoint, ActionEndpoint):
        await agent.action_endpoint.close()


def _listen_again(tracker: DialogueStateTracker, *_: object) -> None:
    """Rules that chase each other were stopped; without a last `action_listen` no rule would match
    any later message of the conversation."""
    turn.failed(turn.INTERNAL)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))


def _leave_text_alone(
    self: RegexMessageHandler, messages: list[Message], domain: object = None
) -> list[Message]:
    # Stock Rasa takes `/intent{"entity": "value"}` from anybody at its word, with certainty 1.
    return messages
