"""The customer answers the question that stands, or gives a detail nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from qiq.talk import (
    again,
    aid,
    buttons,
    clarify,
    correct,
    questions,
    quoted,
    smalltalk,
    solved,
)
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import NEW_DETAIL, Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import MOST_QUESTIONS, proceed, told

_PERHAPS_A_NAME = ("inform", "nlu_fallback", "out_of_scope")
Reader = Callable[[Talk, Message, House], Turn]


def answer(talk: Talk, message: Message, house: House) -> Turn:
    """Reads the message as the answer to what was asked."""
    if message.pick.startswith("group:"):
        return clarify.chosen(talk, message, house)
    if message.pick.startswith("stars:"):
        return solved.rate(talk, int(message.pick.removeprefix("stars:")))
    if message.pick == "new":
        return _something_new(talk, message, house)
    return _READERS[talk.ask](talk, message, house)


def _place(talk: Talk, message: Message, house: House) -> Turn:
    """Which domain or address?"""
    active = talk.active or Problem()
    if message.pick == "general":
        return _general(talk)
    if message.names_place or message.first("ip_address"):
        return proceed(talk.with_active(told(active, message, asked=True)).quiet(), message, house)
    perhaps = message.intent in _PERHAPS_A_NAME or message.is_complaint
    if perhaps and message.words == 1 and not message.names_detail:
        return _without_ending(talk, active, message, house)
    if message.intent in ("dont_know", "deny"):
        return _unknown_place(talk, active, message)
    if message.names_detail:
        return proceed(talk.with_active(told(active, message)), message, house)
    return clarify.ask_again(talk, message, house)


def _without_ending(talk: Talk, active: Problem, message: Message, house: House) -> Turn:
    """One word: a name without its ending, asked for once; else it is tried as it is."""
    if "." in message.text or len(active.asked) >= MOST_QUESTIONS:
        return proceed(talk.with_active(replace(active, domain=message.text)), message, house)
    talk = talk.with_active(replace(active, asked=(*active.asked, Ask.DOMAIN)))
    return Turn(talk, (questions.put(talk, "utter_ask_ending", message.signed_in),))


def _unknown_place(talk: Talk, active: Problem, message: Message) -> Turn:
    if len(active.asked) >= MOST_QUESTIONS:
        return _general(talk)
    asked = replace(active, asked=(*active.asked, Ask.DOMAIN))
    talk = talk.with_active(asked).asking(Ask.DOMAIN)
    choice = (
        *buttons.domains(message.signed_in[:4]),
        buttons.pick("general", "general"),
        buttons.person(),
    )
    return Turn(talk, (Say("utter_where_is_domain", buttons=choice),))


def _general(talk: Talk) -> Turn:
    """Without a domain only the host's own services can be looked at."""
    return Turn(talk.asking(Ask.PERSON), then="action_server_status")


def _confirm(talk: Talk, message: Message, house: House) -> Turn:
    """Did you mean …?"""
    active = talk.active or Problem()
    if message.names_place:
        return _place(talk, message, house)
    if message.intent == "affirm" and talk.options:
        return proceed(
            talk.with_active(replace(active, domain=talk.options[0])).quiet(), message, house
        )
    if message.pick == "other" or message.intent in ("deny", "dont_know"):
        talk = talk.with_active(replace(active, domain="")).asking(Ask.DOMAIN)
        return Turn(talk, (questions.put(talk, "utter_ask_other_domain", message.signed_in),))
    return clarify.ask_again(talk, message, house)


def _detail(talk: Talk, message: Message, house: House) -> Turn:
    """Which program, device, script, or what does the error say?"""
    active = talk.active
    if active is None:
        return _nothing_asked(talk, message, house)
    if message.intent in ("dont_know", "deny") or message.pick.startswith("app:"):
        return aid.give(talk.quiet(), house, Say("utter_never_mind"))
    known = told(active, message)
    if known.domain != active.domain:
        return correct.correct(talk, message, house)
    if talk.ask is Ask.ERROR:
        known = replace(known, text=f"{active.text}\n{message.text}")
    if known == active:
        return aid.give(talk.quiet(), house, Say("utter_noted"))
    says, unknown = quoted.meaning(talk, message, house), quoted.admitted(talk, message, house)
    talk = replace(talk.with_active(known).quiet(), checking=0, reason=NEW_DETAIL)
    return Turn(talk, says, unknown=unknown, then="action_check_start")


def _helped(talk: Talk, message: Message, house: House) -> Turn:
    """Did that help?"""
    if message.intent == "affirm":
        return solved.solved(talk, message, house)
    if message.intent in ("deny", "dont_know"):
        return again.again(talk, message, house)
    return _more_detail(talk, message, house)


def _changed(talk: Talk, message: Message, house: House) -> Turn:
    """Tell me when you have changed it."""
    if message.intent == "affirm":
        return again.again(talk, message, house)
    if message.intent in ("deny", "dont_know"):
        return Turn(talk, (Say("utter_take_your_time_change", buttons=(buttons.person(),)),))
    return _more_detail(talk, message, house)


def _person(talk: Talk, message: Message, house: House) -> Turn:
    """Shall a colleague take over?"""
    if message.intent == "affirm":
        return Turn(replace(talk.quiet(), reason="asked"), then="action_hand_over")
    if message.intent in ("deny", "dont_know"):
        return _without_person(talk, house)
    return _more_detail(talk, message, house)


def _without_person(talk: Talk, house: House) -> Turn:
    """Neither a person nor a code: what can be tried without them comes first."""
    problem = talk.active
    if problem and problem.outcome and not problem.is_ours and aid.next_step(problem, house):
        return aid.give(talk.quiet(), house, Say("utter_without_person"))
    return Turn(talk.quiet(), (Say("utter_no_person", buttons=buttons.groups()),))


def _next(talk: Talk, message: Message, house: House) -> Turn:
    """Shall I take the other problem up?"""
    if message.intent == "affirm":
        return _take_up(talk.quiet(), message, house)
    if message.intent in ("deny", "dont_know"):
        left, notes = solved.drop(talk)
        return Turn(left, (Say("utter_left_alone"),), notes)
    return _more_detail(talk, message, house)


def _take_up(talk: Talk, message: Message, house: House) -> Turn:
    active = talk.active
    if active and active.outcome:
        return again.again(talk, message, house)
    return proceed(talk, message, house)


def _back(talk: Talk, message: Message, house: House) -> Turn:
    """Is it still not working, after hours away?"""
    if message.intent == "affirm":
        return again.again(talk, message, house)
    if message.intent == "deny":
        return solved.solved(talk, message, house)
    return _more_detail(talk, message, house)


def _rating(talk: Talk, message: Message, house: House) -> Turn:
    digit = message.text.strip("★* ")
    if digit in ("1", "2", "3", "4", "5"):
        return solved.rate(talk, int(digit))
    return _nothing_asked(talk.quiet(), message, house)


def _more_detail(talk: Talk, message: Message, house: House) -> Turn:
    """A detail in place of an answer: it is used, the question stays."""
    if message.names_place or message.names_detail:
        return correct.correct(talk, message, house)
    return clarify.ask_again(talk, message, house)


def _which(talk: Talk, message: Message, house: House) -> Turn:
    checked = clarify.place_for_group(talk, message, house)
    if checked:
        return checked
    if message.names_place or message.names_detail:
        return _nothing_asked(talk, message, house)
    if message.intent == "affirm" and len(talk.options) == 1:
        return clarify.take(talk, talk.options[0], message, house)
    return clarify.ask_again(talk, message, house)


def _nothing_asked(talk: Talk, message: Message, house: House) -> Turn:
    """A detail, a yes or a no out of the blue."""
    active = talk.active
    if message.names_place or message.names_detail:
        if active is None or not active.intent:
            known = told(active or Problem(), message)
            return proceed(replace(talk, problems=(known,)), message, house)
        return correct.correct(talk, message, house)
    return smalltalk.nothing_asked(talk, message, house)


def _something_new(talk: Talk, message: Message, house: House) -> Turn:
    talk = Talk(at=talk.at).asking(Ask.WHICH)
    return Turn(talk, (questions.put(talk, "utter_ask_what"),))


_READERS: Mapping[Ask, Reader] = {
    Ask.NOTHING: _nothing_asked,
    Ask.DOMAIN: _place,
    Ask.EMAIL: _place,
    Ask.CONFIRM_DOMAIN: _confirm,
    Ask.CLIENT: _detail,
    Ask.ERROR: _detail,
    Ask.APP: _detail,
    Ask.DEVICE: _detail,
    Ask.WHICH: _which,
    Ask.HELPED: _helped,
    Ask.CHANGED: _changed,
    Ask.PERSON: _person,
    Ask.NEXT: _next,
    Ask.BACK: _back,
    Ask.RATING: _rating,
}
