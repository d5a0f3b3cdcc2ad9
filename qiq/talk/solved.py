"""It works: close the case, say thanks, ask for one tap of rating, take up what is left."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import buttons, phrases, questions
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Note, Order, Problem, Say, Talk, Turn


def solved(talk: Talk, message: Message, house: House) -> Turn:
    """Closes the active problem; without one, glad all the same."""
    active = talk.active
    if active is None or not active.intent:
        return Turn(talk.quiet(), (Say("utter_solved_nothing_open"),))
    if _is_a_guess(message):
        return Turn(talk, _ask_how_it_is(talk))
    left = talk.problems[1:]
    talk = replace(talk, problems=left, unclear=0, reason="", checking=0).quiet()
    notes = _notes(active, helped=bool(active.steps))
    if left:
        talk = talk.asking(Ask.NEXT)
        return Turn(talk, (Say("utter_solved_one"), offer_next(talk)), notes)
    if not active.case:
        return Turn(talk, (Say("utter_solved_early"),), notes)
    talk = replace(talk, rating_case=active.case).asking(Ask.RATING)
    says = (Say("utter_solved", {"case": active.case}), questions.put(talk))
    return Turn(talk, says, notes)


def _is_a_guess(message: Message) -> bool:
    """Typed, taken for success, but not said in clear words: no case is closed on that."""
    typed = message.intent == "problem_solved" and not message.pressed
    return typed and not phrases.says_it_works(message.text)


def _ask_how_it_is(talk: Talk) -> tuple[Say, ...]:
    if talk.active and talk.active.outcome:
        choice = (buttons.works(), buttons.persists(), buttons.person())
        return (Say("utter_anything_else_open", buttons=choice),)
    return questions.again(talk) or (questions.put(talk.asking(Ask.WHICH)),)


def rate(talk: Talk, stars: int) -> Turn:
    """The rating, thanks, and room for something else."""
    notes = (Note(Order.RATE, talk.rating_case, str(stars)),) if talk.rating_case else ()
    talk = replace(talk.quiet(), rating_case="")
    if stars <= 2:
        return Turn(talk, (Say("utter_rated_low", buttons=(buttons.person(),)),), notes)
    return Turn(talk, (Say("utter_rated"),), notes)


def drop(talk: Talk) -> tuple[Talk, tuple[Note, ...]]:
    """Lets go of the active problem without its being solved."""
    active = talk.active
    notes = (Note(Order.CLOSE, active.case, "cancelled"),) if active and active.case else ()
    return replace(talk, problems=talk.problems[1:], checking=0).quiet(), notes


def offer_next(talk: Talk) -> Say:
    """The problem that was kept: shall we? It is the active one now."""
    return questions.put(talk.asking(Ask.NEXT))


def _notes(problem: Problem, *, helped: bool) -> tuple[Note, ...]:
    if not problem.case:
        return ()
    closed = Note(Order.CLOSE, problem.case, "solved")
    if not helped:
        return (closed,)
    return (Note(Order.STEP, problem.case, problem.steps[-1], helped=True), closed)
