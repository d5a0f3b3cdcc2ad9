"""To a person: why, what they need to know, and what the customer is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from qiq.talk import table
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import NEW_DETAIL, Problem, Say, Talk, Turn

_FORM = {"type": "contact_form"}
"""Where and when to answer: asked for when nobody will be in time."""


class Waiting(Protocol):
    """What is told of the queue (``qiq.desk.model.Handover`` has it)."""

    @property
    def position(self) -> int: ...
    @property
    def wait_minutes(self) -> int | None: ...
    @property
    def open_now(self) -> bool: ...
    @property
    def today(self) -> bool: ...


def reason(talk: Talk, message: Message) -> str:
    """``asked``, ``angry``, ``unclear``, ``language``, ``tried_all``, ``no_domain`` or
    ``inconclusive``."""
    if message.intent == "complain_service":
        return "angry"
    return "asked" if talk.reason in ("", NEW_DETAIL) else talk.reason


def told(talk: Talk, why: str, waiting: Waiting, house: House, opens: str) -> Turn:
    """What the customer hears. ``opens`` is when people are there next, in words."""
    says = [Say(f"utter_handover_{why}")] if why not in ("asked", "angry") else []
    says.append(_place_in_queue(waiting, house, opens))
    if house.brand.contact_phone and waiting.open_now:
        says.append(Say("utter_handover_phone", {"phone": house.brand.contact_phone}))
    return Turn(replace(talk.quiet(), reason="", unclear=0), tuple(says))


def _place_in_queue(waiting: Waiting, house: House, opens: str) -> Say:
    """How long it takes, as far as that can be said; nothing that may not be kept is promised."""
    args = {"position": str(waiting.position), "opens": opens, "email": house.brand.contact_email}
    if not waiting.open_now:
        return Say("utter_handover_closed", args, custom=_FORM)
    if not waiting.today:
        return Say("utter_handover_not_today", args, custom=_FORM)
    if waiting.wait_minutes is None:
        return Say("utter_handover_long", args)
    return Say("utter_handover_waiting", {**args, "minutes": str(waiting.wait_minutes)})


def summary(talk: Talk, message: Message, why: str) -> str:
    """For the person: who, what, evidence, steps tried, mood. English, for staff."""
    spoken = f" Language: {talk.language}." if talk.language else ""
    lines = [_who(message), f"Reason: {why}. Mood: {mood(talk, message)}.{spoken}"]
    lines += [line for problem in talk.problems for line in _problem_lines(problem)]
    return "\n".join(lines) if talk.problems else "\n".join([*lines, "No problem described yet."])


def mood(talk: Talk, message: Message) -> str:
    """Anger counts for the whole talk: the button for a person is pressed in silence."""
    return "upset" if talk.upset or message.intent == "complain_service" else "calm"


def _who(message: Message) -> str:
    """What is known of them: what they proved, and where they wrote from."""
    who = f"verified for {', '.join(message.signed_in)}" if message.signed_in else "not verified"
    return f"Customer: {who}." + (f" On the page {message.page}" if message.page else "")


def _problem_lines(problem: Problem) -> list[str]:
    label = table.label(problem.intent) or "not understood"
    lines = [f"{problem.case or 'no case'}: {label} ({problem.domain or 'no domain named'})"]
    if problem.text:
        lines.append(f'Customer wrote: "{problem.text}"')
    named = [f"{k} {v}" for k, v in vars(problem.details).items() if v]
    if named:
        lines.append("Named: " + ", ".join(str(n) for n in named))
    if problem.outcome:
        o = problem.outcome
        lines.append(
            f"Checks ({problem.checks}×): {o.verdict}, {o.cause}, {o.party}, {o.certainty}"
        )
        lines += [f"  {e.status}: {e.summary}" for e in o.evidence if e.status != "pass"]
    if problem.steps:
        lines.append("First aid tried: " + ", ".join(problem.steps))
    return lines
