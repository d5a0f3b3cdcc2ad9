"""A detail taken back or added: what it changes is done again, the rest stays."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import questions
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import NEW_DETAIL, Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import proceed, told


def correct(talk: Talk, message: Message, house: House) -> Turn:
    """Uses the new detail; checks that were run before run again."""
    active = talk.active
    if active is None or not active.intent:
        known = told(active or Problem(), message)
        return proceed(replace(talk, problems=(known, *talk.problems[1:])), message, house)
    if not (message.names_place or message.names_detail):
        return _what_instead(talk, active, message)
    known = told(active, message)
    if known == active and active.outcome:
        # A mail service for everybody is no domain of ours: heard, but not what was checked.
        passing = message.names_place and message.first("domain") != active.domain
        heard = "utter_noted" if passing else "utter_already_known"
        return Turn(talk, (Say(heard), *questions.again(talk)))
    fresh = known.domain != active.domain
    talk = replace(talk.with_active(known), checking=0).quiet()
    if active.checks and not fresh:
        return Turn(replace(talk, reason=NEW_DETAIL), then="action_check_start")
    if fresh and active.domain:
        return proceed(talk, message, house, Say("utter_corrected", {"domain": known.domain}))
    return proceed(talk, message, house)


def _what_instead(talk: Talk, active: Problem, message: Message) -> Turn:
    talk = talk.with_active(replace(active, asked=active.asked[:1])).asking(Ask.DOMAIN)
    return Turn(talk, (questions.put(talk, "utter_ask_correction", message.signed_in),))
