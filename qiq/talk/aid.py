"""Best effort: first-aid steps one at a time, never one twice, and a person after the budget."""

from __future__ import annotations

from dataclasses import replace

from qiq.knowledge.model import Step
from qiq.talk import buttons, quoted
from qiq.talk.house import House
from qiq.talk.model import Ask, Note, Order, Problem, Say, Talk, Turn
from qiq.verdict.model import Complaint

OFFERED = "offered"
"""Among the questions asked: a person was offered because there was nothing to try."""


def complaint(problem: Problem) -> Complaint:
    """The problem as checks, verdict and knowledge know it."""
    d = problem.details
    return Complaint(
        intent=problem.intent,
        text=problem.text,
        client=d.client or None,
        os=d.os or None,
        antivirus=d.antivirus or None,
        app=d.app or None,
        browser=d.browser or None,
        isp=d.isp or None,
        error_ids=d.errors,
        protocol=d.protocol or None,
        port=int(d.port) if d.port.isdigit() else None,
        seen_issuer=d.issuer or None,
        named_server=d.server or None,
    )


def next_step(problem: Problem, house: House) -> Step | None:
    """The next step not yet given, or None when the budget or the list is at its end."""
    if problem.outcome is None or len(problem.steps) >= house.steps:
        return None
    steps = house.knowledge.first_aid(problem.outcome.party, complaint(problem))
    return next((step for step in steps if step.id not in problem.steps), None)


def give(talk: Talk, house: House, *says: Say) -> Turn:
    """The next step with "did that help?"; without one left, a person."""
    problem = talk.active
    step = next_step(problem, house) if problem else None
    if problem is None or step is None:
        if problem and not problem.steps and OFFERED not in problem.asked:
            return _offer_person(talk, problem, *says)
        return out_of_steps(talk, *says)
    response = "utter_step_next" if problem.steps else _first(problem)
    points = () if problem.steps else quoted.side(talk, house)
    talk = talk.with_active(replace(problem, steps=(*problem.steps, step.id))).asking(Ask.HELPED)
    text = f"{step.text} {step.worked}".strip()
    notes = (Note(Order.STEP, problem.case, step.id),)
    return Turn(talk, (*says, *points, Say(response, {"step": text}, buttons.helped())), notes)


def _first(problem: Problem) -> str:
    """The first step says whose side it is on only when somebody was named."""
    named = problem.outcome is not None and problem.outcome.verdict == "third_party"
    return "utter_step_first" if named else "utter_step_first_clear"


def _offer_person(talk: Talk, problem: Problem, *says: Say) -> Turn:
    """Nothing to try is known for this: a person, if that is wanted."""
    talk = talk.with_active(replace(problem, asked=(*problem.asked, OFFERED))).asking(Ask.HELPED)
    return Turn(talk, (*says, Say("utter_no_steps", buttons=buttons.helped())))


def out_of_steps(talk: Talk, *says: Say) -> Turn:
    """Everything that could be tried from here was tried."""
    return Turn(replace(talk.quiet(), reason="tried_all"), says, then="action_hand_over")


def not_helped(problem: Problem) -> tuple[Note, ...]:
    """The last step given did not help: written down in the case."""
    if not problem.steps:
        return ()
    return (Note(Order.STEP, problem.case, problem.steps[-1], helped=False),)
