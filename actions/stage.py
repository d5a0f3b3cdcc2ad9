"""Between rasa-sdk and ``qiq.talk``: read the tracker, perform a turn. No decision is made here."""

from __future__ import annotations

import asyncio
import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions import clock, office
from qiq.desk import StoreUnavailable
from qiq.talk import front, memory
from qiq.talk.house import House
from qiq.talk.message import Message, read
from qiq.talk.model import Button, Order, Say, Talk, Turn

log = logging.getLogger(__name__)

SLOT = "talk"
Events = list[dict[str, Any]]


class TalkAction(Action, ABC):
    """One action: its ``label`` is the name in ``domain.yml``, ``move`` its decision."""

    label: str
    keeps_said = False
    """True for an action that repeats: what is to be repeated stays the same."""

    def name(self) -> str:
        return self.label

    @abstractmethod
    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        """What to do now."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        talk = memory.load(tracker.get_slot(SLOT))
        message = read(tracker.latest_message or {}, now=clock.now(tracker.sender_id))
        route = front.look(talk, message)
        if is_first(tracker) and route.action not in ("", self.label):
            return [FollowupAction(route.action)]
        turn = await self.move(talk, route.message, office.house(), tracker)
        return await perform(turn, dispatcher, message.now, keeps_said=self.keeps_said)


class Decided(TalkAction, ABC):
    """An action that is one pure function of ``qiq.talk`` and nothing else."""

    @staticmethod
    @abstractmethod
    def decide(talk: Talk, message: Message, house: House) -> Turn:
        """The decision."""

    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        return self.decide(talk, message, house)


def is_first(tracker: Tracker) -> bool:
    """Whether this action answers the message itself, not another action."""
    return tracker.latest_action_name in (None, "action_listen", "action_session_start")


async def perform(
    turn: Turn, dispatcher: CollectingDispatcher, now: float, *, keeps_said: bool = False
) -> Events:
    """Says what is to be said, has the desk write down what is to be written, keeps the state."""
    speak(dispatcher, turn.says)
    if turn.notes:
        await asyncio.to_thread(_write_down, turn)
    if turn.unknown:
        await asyncio.to_thread(_keep_unknown, turn)
    talk = replace(turn.talk, at=now)
    if turn.says and not keeps_said:
        talk = replace(talk, said=turn.says)
    return [SlotSet(SLOT, memory.dump(talk)), FollowupAction(turn.then)]


def speak(dispatcher: CollectingDispatcher, says: tuple[Say, ...]) -> None:
    """Hands replies to Rasa: responses by name, results as ready text with their payload."""
    for say in says:
        dispatcher.utter_message(
            text=say.text or None,
            response=say.response or None,
            buttons=[_button(b) for b in say.buttons],
            json_message=dict(say.custom) if say.custom else None,
            **say.args,
        )


def _button(button: Button) -> dict[str, str]:
    entities = json.dumps(dict(button.entities), ensure_ascii=False) if button.entities else ""
    return {"title": button.title, "payload": f"/{button.intent}{entities}"}


def _write_down(turn: Turn) -> None:
    desk = office.desk()
    for note in turn.notes:
        if not note.case:
            continue
        if note.order is Order.CLOSE:
            desk.close_case(note.case, note.value)
        elif note.order is Order.STEP:
            desk.record_step(note.case, note.value, note.helped)
        elif note.order is Order.RATE:
            desk.rate(note.case, int(note.value))


def _keep_unknown(turn: Turn) -> None:
    """A list for staff: the customer's answer does not depend on it."""
    try:
        office.desk().keep_unknown(turn.unknown, office.house().settings.server_names)
    except (StoreUnavailable, SQLAlchemyError) as error:
        log.error("an unknown error could not be kept: %s", type(error).__name__)
