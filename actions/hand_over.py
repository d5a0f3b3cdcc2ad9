"""To a person: the desk is asked, the customer is told where they stand."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from rasa_sdk import Tracker

from actions import office
from actions.stage import TalkAction
from qiq.desk import StoreUnavailable
from qiq.talk import buttons, handover
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Say, Talk, Turn
from qiq.talk.opening import next_opening

log = logging.getLogger(__name__)


class ActionHandOver(TalkAction):
    """Asked for, or where the bot can do no more."""

    label = "action_hand_over"

    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        why = handover.reason(talk, message)
        summary = handover.summary(talk, message, why)
        case = talk.active.case if talk.active else ""
        try:
            waiting = await asyncio.to_thread(
                office.desk().hand_over, tracker.sender_id, why, summary, case or None
            )
        except (StoreUnavailable, KeyError):
            log.error("a customer could not be handed over: the desk is not available")
            return _later(talk, house)
        opens = next_opening(house.settings.hours, datetime.now(UTC))
        return handover.told(talk, why, waiting, house, opens)


def _later(talk: Talk, house: House) -> Turn:
    args = {"email": house.brand.contact_email}
    return Turn(talk, (Say("utter_handover_failed", args, (buttons.person(),)),))
