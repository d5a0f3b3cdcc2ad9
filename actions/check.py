"""Runs the checks for one problem, files them in its case, and says what came of them."""

from __future__ import annotations

import logging
from dataclasses import replace

import idna
from rasa_sdk import Tracker

from actions import casebook, office, progress, visitor
from actions.stage import TalkAction
from qiq.diagnosis import Diagnosis, diagnose
from qiq.talk import checking
from qiq.talk.aid import complaint
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.incidents import concerning
from qiq.talk.message import Message
from qiq.talk.model import Problem, Talk, Turn
from qiq.verdict import Incident

log = logging.getLogger(__name__)


class ActionCheck(TalkAction):
    """Follows ``action_check_start``; once for each of two problems."""

    label = "action_check"

    async def move(self, talk: Talk, message: Message, house: House, tracker: Tracker) -> Turn:
        if not talk.problems:
            return Turn(talk)
        index = min(talk.checking, len(talk.problems) - 1)
        problem = talk.problems[index]
        try:
            problem, diagnosis = await _look_at_all(problem, tracker, house)
        except Exception:  # the one guard: our own bug is never read as the customer's fault
            log.exception("checks of a conversation failed")
            return checking.failed(talk)
        case = await casebook.file(tracker.sender_id, problem, diagnosis)
        talk = replace(talk, problems=_filed(talk.problems, index, problem, case))
        return checking.after(talk, _found(diagnosis, case), house)


async def _look_at_all(
    problem: Problem, tracker: Tracker, house: House
) -> tuple[Problem, Diagnosis]:
    """A pasted bounce names the recipient's domain as well: the first that is hosted here counts.
    A domain that is not costs no checks."""
    first = await _look(problem, tracker, house)
    if first.verdict.code != "not_hosted" or first.did_you_mean:
        return problem, first
    for domain in problem.also_named:
        other = replace(problem, domain=domain, email="", url="")
        found = await _look(other, tracker, house)
        if found.verdict.code != "not_hosted":
            return other, found
    return problem, first


async def _look(problem: Problem, tracker: Tracker, house: House) -> Diagnosis:
    subject = await visitor.subject(problem, tracker)
    going = concerning(problem.intent, await casebook.going())
    known = [Incident(title=one.name, server=one.server) for one in going]
    async with progress.reporter(tracker) as report:
        return await diagnose(
            complaint(problem), subject, house.settings,
            progress=report, incidents=known, together=office.counting(),
        )  # fmt: skip


def _found(diagnosis: Diagnosis, case: str) -> Found:
    ours = diagnosis.verdict.code == "host_fault" and case
    ticket = {"id": case, "state": "open"} if ours else None
    return Found(
        payload=diagnosis.payload(case or None, ticket),
        text=diagnosis.text(),
        headline=diagnosis.headline(),
        did_you_mean=_names(diagnosis.did_you_mean),
        rate_limited=bool(diagnosis.rate_limited),
    )


def _names(suggested: str | None) -> tuple[str, ...]:
    """The suggestion as people write it, not in its IDNA form."""
    return (_readable(suggested),) if suggested else ()


def _readable(domain: str) -> str:
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


def _filed(
    problems: tuple[Problem, ...], index: int, problem: Problem, case: str
) -> tuple[Problem, ...]:
    mine = replace(problem, case=case or problem.case)
    return (*problems[:index], mine, *problems[index + 1 :])
