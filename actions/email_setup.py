"""Settings and the guide for a mail program. The settings are tested before they are given."""

from __future__ import annotations

import logging
from dataclasses import replace

from rasa_sdk import Tracker

from actions import casebook, office, progress, visitor
from actions.stage import TalkAction
from qiq.checks.model import Status
from qiq.diagnosis import Diagnosis, diagnose
from qiq.talk.aid import complaint
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Problem, Talk, Turn
from qiq.talk.setup import Tested, set_up, subject

log = logging.getLogger(__name__)
WORKS = ("all_clear", "third_party")
TO_TELL = ("host_fault", "dns")
OF_MAIL = ("mail.", "tls.", "dns.")


class ActionEmailSetup(TalkAction):
    """See ``qiq.talk.setup.set_up``."""

    label = "action_email_setup"

    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        try:
            tested = await _test(subject(talk, message, house), tracker, house)
        except Exception:  # the one guard: the settings are right whatever becomes of the test
            log.exception("the settings could not be tested")
            tested = Tested()
        return set_up(talk, message, house, tested)


async def _test(asked: Problem, tracker: Tracker, house: House) -> Tested | None:
    """The mail of the domain named, or without one our own services. A domain that is not hosted
    here is not tested, and nothing is claimed of it."""
    if not asked.domain:
        asked = replace(asked, intent="ask_server_status")
    who = replace(await visitor.subject(asked, tracker), domain_text=asked.domain)
    async with progress.reporter(tracker) as report:
        found = await diagnose(
            complaint(asked), who, house.settings, progress=report, together=office.counting()
        )
    if found.verdict.code == "not_hosted":
        return None
    if found.verdict.code in TO_TELL and found.verdict.cause.startswith(OF_MAIL):
        return Tested(found=await _filed(asked, found, tracker))
    works = found.verdict.code in WORKS or (not asked.domain and _mail_passed(found))
    return Tested(works=works, records=_records(found))


def _mail_passed(found: Diagnosis) -> bool:
    """Of all our services, only these matter here."""
    mail = [r for r in found.results if r.id.startswith("mail.")]
    return bool(mail) and all(r.status is Status.PASS for r in mail)


async def _filed(asked: Problem, found: Diagnosis, tracker: Tracker) -> Found:
    case = await casebook.file(tracker.sender_id, asked, found)
    ours = found.verdict.code == "host_fault" and case
    ticket = {"id": case, "state": "open"} if ours else None
    return Found(payload=found.payload(case or None, ticket), text=found.text())


def _records(found: Diagnosis) -> str:
    """What the domain does not publish yet, for who has shown that it is theirs to publish."""
    if found.target is None or not found.target.verified:
        return ""
    told = (r.facts.get("records") for r in found.results if r.id == "dns.autoconfig")
    return str(next(told, "") or "")
