"""Repairs that need no more than the state: say it again, wait, why, stop, start over, anger."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import buttons, phrases, questions, solved
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Outcome, Say, Talk, Turn

MOST_EVIDENCE_LINES = 8
_WHY_ASKED = {
    Ask.DOMAIN: "utter_why_domain",
    Ask.EMAIL: "utter_why_domain",
    Ask.CONFIRM_DOMAIN: "utter_why_confirm",
    Ask.CLIENT: "utter_why_detail",
    Ask.ERROR: "utter_why_detail",
    Ask.APP: "utter_why_detail",
    Ask.DEVICE: "utter_why_detail",
    Ask.WHICH: "utter_why_which",
}
_MARKS = {"pass": "✓", "warn": "!", "fail": "✗", "skip": "–", "error": "?"}


def say_again(talk: Talk, message: Message, house: House) -> Turn:
    """The last turn's replies once more: responses in another wording, results word for word."""
    if not talk.said:
        return Turn(talk.asking(Ask.WHICH), (Say("utter_nothing_said_yet"),))
    last_only = phrases.is_about_the_last_thing(message.text)
    return Turn(talk, (Say("utter_again"), *(talk.said[-1:] if last_only else talk.said)))


def wait(talk: Talk, message: Message, house: House) -> Turn:
    """No hurry: nothing is lost and nothing is asked meanwhile."""
    return Turn(talk, (Say("utter_wait"),))


def why(talk: Talk, message: Message, house: House) -> Turn:
    """Why a question is asked, or the evidence for what was said."""
    outcome = talk.active.outcome if talk.active else None
    if talk.ask in _WHY_ASKED and not (talk.ask is Ask.WHICH and outcome):
        return Turn(talk, (Say(_WHY_ASKED[talk.ask]), *questions.again(talk)))
    if outcome and outcome.evidence:
        lines = _evidence(outcome)
        return Turn(talk, (Say("utter_why_result", {"evidence": lines}), *questions.again(talk)))
    return Turn(talk, (Say("utter_why_general", buttons=(buttons.person(),)),))


def cancel(talk: Talk, message: Message, house: House) -> Turn:
    """Stop, or start over."""
    if phrases.holds("start_over", message.text) or phrases.whole(message.text) == "start_over":
        fresh = Talk(at=talk.at).asking(Ask.WHICH)
        _, notes = solved.drop(talk)
        says = (Say("utter_start_over", buttons=(*buttons.groups(), buttons.person())),)
        return Turn(fresh, says, notes)
    if talk.active is None:
        return Turn(replace(talk.quiet(), unclear=0), (Say("utter_nothing_to_cancel"),))
    left, notes = solved.drop(replace(talk, unclear=0))
    if left.problems:
        left = left.asking(Ask.NEXT)
        return Turn(left, (Say("utter_cancelled"), solved.offer_next(left)), notes)
    return Turn(left, (Say("utter_cancelled_all"),), notes)


def sympathise(talk: Talk, message: Message, house: House) -> Turn:
    """One sentence of sympathy and a person; the question that stands stays for who goes on."""
    talk = replace(talk, upset=True)
    person = Say("utter_sympathy", buttons=(buttons.person(),))
    if talk.ask in (Ask.NOTHING, Ask.RATING, Ask.WHICH):
        talk = talk.asking(Ask.PERSON)
        return Turn(talk, (Say("utter_sympathy", buttons=(buttons.person(), buttons.no())),))
    return Turn(talk, (person, *questions.again(talk)))


def _evidence(outcome: Outcome) -> str:
    lines = [
        f"{_MARKS.get(e.status, '·')} {e.summary}" for e in outcome.evidence[:MOST_EVIDENCE_LINES]
    ]
    return "\n".join(lines)
