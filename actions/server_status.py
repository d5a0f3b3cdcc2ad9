"""Is there an outage? The incidents and a quick look at the host's own services, in one answer."""

from __future__ import annotations

import logging
from dataclasses import replace

from rasa_sdk import Tracker

from actions import casebook, office, progress, visitor
from actions.stage import TalkAction
from qiq.diagnosis import diagnose
from qiq.talk import checking, status
from qiq.talk.aid import complaint
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Problem, Talk, Turn

log = logging.getLogger(__name__)


class ActionServerStatus(TalkAction):
    """Asked for, or when nobody knows the domain."""

    label = "action_server_status"

    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        asked = Problem(intent="ask_server_status", text=message.text)
        try:
            subject = replace(await visitor.subject(asked, tracker), domain_text="")
            async with progress.reporter(tracker) as report:
                found = await diagnose(
                    complaint(asked),
                    subject,
                    house.settings,
                    progress=report,
                    together=office.counting(),
                )
        except Exception:  # the one guard: our own bug is never read as an outage
            log.exception("the look at our own services failed")
            return checking.failed(replace(talk, problems=talk.problems or (asked,), checking=0))
        going = await casebook.going()
        case = ""
        if found.verdict.code == "host_fault":  # nobody else may have noticed: staff are told
            case = await casebook.file(tracker.sender_id, asked, found)
        ticket = {"id": case, "state": "open"} if case else None
        result = Found(payload=found.payload(case or None, ticket), text=found.text())
        return status.told(talk, result, going, house)
