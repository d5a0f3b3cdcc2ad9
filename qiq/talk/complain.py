"""A complaint: a new problem, a second one, a change of mind, or more about the one at hand."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import again, phrases, table
from qiq.talk.house import House
from qiq.talk.memory import MOST_PROBLEMS
from qiq.talk.message import Message
from qiq.talk.model import Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import proceed, told


def complain(talk: Talk, message: Message, house: House) -> Turn:
    """Takes a complaint up wherever the talk stands."""
    active = talk.active
    if active is None or not active.intent:
        return _first(talk, message, house)
    if active.outcome is None:
        return _while_asking(talk, active, message, house)
    if _same_again(active, message):
        return again.again(talk, message, house)
    return _after_result(talk, active, message, house)


def _first(talk: Talk, message: Message, house: House) -> Turn:
    known = talk.active or Problem()
    problems = _new_problems(message, known)
    return _go(replace(talk, problems=problems), message, house)


def _new_problems(message: Message, known: Problem) -> tuple[Problem, ...]:
    """The complaints of one message, the urgent one first; each with what the message names."""
    named = ((message.intent, message.own), *message.others)
    order = sorted(named, key=lambda pair: -table.row(pair[0]).urgency)
    return tuple(
        told(replace(known, intent=intent, text=words or message.text), _about(message, words))
        for intent, words in order[:MOST_PROBLEMS]
    )


def _about(message: Message, words: str) -> Message:
    """The message as far as it is about one of two problems: a domain beside the other one's
    words is not taken for this one's."""
    near = {
        kind: tuple(v for v in values if v.casefold() in words.casefold())
        for kind, values in message.entities.items()
        if kind in ("domain", "email", "url")
    }
    if not any(near.values()):
        return message
    return replace(message, entities={**message.entities, **near})


def _while_asking(talk: Talk, active: Problem, message: Message, house: House) -> Turn:
    same_group = table.group(active.intent) == table.group(message.intent)
    joins = phrases.opens_with("also", message.text)
    if joins or (not same_group and not _replaces(message)):
        return _add(talk, message, house)
    if _replaces(message):
        fresh = replace(Problem(message.intent, message.text), domain=active.domain)
        return _go(talk.with_active(told(fresh, message)).quiet(), message, house)
    text = f"{active.text}\n{message.text}"
    changed = told(replace(active, intent=message.intent, text=text), message)
    return _go(talk.with_active(changed), message, house)


def _replaces(message: Message) -> bool:
    return phrases.opens_with("instead", message.text)


def _add(talk: Talk, message: Message, house: House) -> Turn:
    """Another problem beside the one whose details are being asked."""
    fresh = _new_problems(message, Problem())
    known = {p.intent for p in talk.problems}
    problems = (*talk.problems, *(p for p in fresh if p.intent not in known))
    if fresh[0].domain and talk.active and not talk.active.domain:
        problems = (replace(problems[0], domain=fresh[0].domain), *problems[1:])
    urgent = sorted(problems, key=lambda p: -table.row(p.intent).urgency)
    talk = replace(talk, problems=tuple(urgent[:MOST_PROBLEMS]))
    return _go(talk, message, house)


def _same_again(active: Problem, message: Message) -> bool:
    if message.intent != active.intent or message.others:
        return False
    place = told(Problem(), message).domain
    return not place or place == active.domain


def _after_result(talk: Talk, active: Problem, message: Message, house: House) -> Turn:
    """A new problem after a result: it becomes the active one, the old one is kept behind it,
    unless the message only says more about the problem at hand."""
    place = told(Problem(), message).domain
    same_group = table.group(active.intent) == table.group(message.intent)
    if same_group and talk.ask is not Ask.NOTHING and not phrases.opens_with("also", message.text):
        text = f"{active.text}\n{message.text}"
        more = told(replace(active, intent=message.intent, text=text), message)
        if not place or place == active.domain:
            return _go(talk.with_active(replace(more, asked=active.asked)), message, house)
    kept = [p for p in talk.problems if p.intent != message.intent and _open(p)]
    fresh = _new_problems(message, Problem())
    problems = (*fresh, *kept)[:MOST_PROBLEMS]
    return _go(replace(talk, problems=problems, unclear=0).quiet(), message, house)


def _open(problem: Problem) -> bool:
    return problem.outcome is None or problem.outcome.verdict != "not_hosted"


def _go(talk: Talk, message: Message, house: House) -> Turn:
    """On to the next question or the checks; a second problem is named at once."""
    unchecked = [p for p in talk.problems[1:] if p.outcome is None]
    active = talk.active
    if unchecked and active and not _place_known(talk, message):
        first, second = table.label(active.intent), table.label(unchecked[0].intent)
        return proceed(
            talk, message, house, Say("utter_noted_both", {"first": first, "second": second})
        )
    return proceed(talk, message, house)


def _place_known(talk: Talk, message: Message) -> bool:
    return any(p.domain for p in talk.problems) or len(message.signed_in) == 1
