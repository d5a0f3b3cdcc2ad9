"""Greetings, thanks and chatter: answered, then back to where the talk was."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import buttons, questions
from qiq.talk.front import LONG_AWAY
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Say, Talk, Turn

_ANSWERS = {
    "goodbye": "utter_goodbye",
    "thank": "utter_thanks",
    "bot_challenge": "utter_bot",
    "ask_capabilities": "utter_capabilities",
    "out_of_scope": "utter_out_of_scope",
}


def smalltalk(talk: Talk, message: Message, house: House) -> Turn:
    """Answers kindly and comes back to the question that stands."""
    if _comes_back(talk, message):
        talk = talk.asking(Ask.BACK)
        return Turn(talk, (questions.put(talk),))
    if message.intent == "greet":
        return _greet(talk, house)
    args = {"brand": house.brand.name}
    says: tuple[Say, ...] = (Say(_ANSWERS.get(message.intent, "utter_out_of_scope"), args),)
    if message.intent == "goodbye":
        return Turn(talk, (*says, *_open_case(talk)))
    if message.intent == "out_of_scope":
        return _outside(talk, *says)
    return Turn(talk, (*says, *(questions.again(talk) or _offer(talk, message))))


def nothing_asked(talk: Talk, message: Message, house: House) -> Turn:
    """A yes, a no or an "I don't know" when nothing was asked."""
    if talk.active and talk.active.outcome:
        choice = (buttons.works(), buttons.persists(), buttons.person())
        return Turn(talk, (Say("utter_anything_else_open", buttons=choice),))
    talk = talk.asking(Ask.WHICH)
    return Turn(talk, (questions.put(talk, "utter_ask_what"),))


def _greet(talk: Talk, house: House) -> Turn:
    args = {"brand": house.brand.name}
    if talk.ask not in (Ask.NOTHING, Ask.WHICH, Ask.RATING):
        return Turn(talk, (Say("utter_greet_again"), *questions.again(talk)))
    if talk.active and talk.active.outcome:
        return nothing_asked(talk, Message("greet"), house)
    choice = (*buttons.groups(), buttons.person())
    return Turn(talk.asking(Ask.WHICH), (Say("utter_greet", args, choice),))


def _outside(talk: Talk, *says: Say) -> Turn:
    """Nothing of ours, as far as we can tell. It counts as not understood, so that chatter (or a
    complaint taken for it) does not go round for ever."""
    talk = replace(talk, unclear=talk.unclear + 1)
    if talk.ask in (Ask.NOTHING, Ask.RATING, Ask.WHICH):
        choice = (*buttons.groups(), buttons.person())
        return Turn(talk.asking(Ask.WHICH), (*says, Say("utter_ask_what", buttons=choice)))
    return Turn(talk, (*says, *questions.again(talk)))


def _offer(talk: Talk, message: Message) -> tuple[Say, ...]:
    """With nothing asked, chatter ends with an opening, thanks does not need one."""
    if message.intent in ("thank", "goodbye"):
        return ()
    return (Say("utter_ask_what", buttons=(*buttons.groups(), buttons.person())),)


def _open_case(talk: Talk) -> tuple[Say, ...]:
    active = talk.active
    if active and active.case:
        return (Say("utter_case_stays_open", {"case": active.case}),)
    return ()


def _comes_back(talk: Talk, message: Message) -> bool:
    away = talk.at and message.now - talk.at > LONG_AWAY
    return bool(away and talk.active and talk.active.outcome and message.intent == "greet")
