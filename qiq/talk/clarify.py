"""A message that was not understood: the useful question, at most twice, then a person."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import buttons, questions, quoted, table
from qiq.talk.complain import complain
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Button, Problem, Say, Talk, Turn

MOST_CLARIFICATIONS = 2
WORTH_NAMING = 0.08
"""Share of the ranking from which a group is worth naming in the question."""


def clarify(talk: Talk, message: Message, house: House) -> Turn:
    """Asks what the ranking leaves open. In a question's answer, asks that question again."""
    if talk.ask not in (Ask.NOTHING, Ask.WHICH, Ask.RATING):
        return ask_again(talk, message, house)
    who = quoted.who_said_it(talk, message, house)
    if who:
        return Turn(talk.asking(Ask.WHICH), (who,))
    if talk.unclear >= MOST_CLARIFICATIONS:
        return _person(talk)
    options = _options(message)
    words = _words(talk, message)
    talk = replace(talk, unclear=talk.unclear + 1, problems=words).asking(Ask.WHICH, *options)
    return Turn(talk, (_question(talk, [o.split(":", 1)[0] for o in options]),))


def ask_again(talk: Talk, message: Message, house: House) -> Turn:
    """The standing question was answered by something else: ask once more, then a person."""
    if talk.unclear >= MOST_CLARIFICATIONS:
        return _person(talk)
    talk = replace(talk, unclear=talk.unclear + 1)
    first = Say("utter_not_understood" if talk.unclear == 1 else "utter_not_understood_again")
    if talk.ask in (Ask.NOTHING, Ask.RATING):
        talk = talk.asking(Ask.WHICH)
    return Turn(talk, (first, questions.put(talk, "", message.signed_in)))


def chosen(talk: Talk, message: Message, house: House) -> Turn:
    """A group button was pressed."""
    return take(talk, message.pick.removeprefix("group:"), message, house)


def take(talk: Talk, option: str, message: Message, house: House) -> Turn:
    """``option`` is a group, with or without the complaint the ranking suggested for it."""
    name = option.split(":", 1)[0]
    suggested = dict(o.split(":", 1) for o in talk.options if ":" in o)
    intent = suggested.get(name, "")
    active = talk.active
    said = active.text if active and not active.intent else ""
    if intent:
        problem = replace(active or Problem(), intent="", text=said)
        talk = replace(talk, problems=(problem, *talk.problems[1:]), unclear=0).quiet()
        return complain(talk, replace(message, intent=intent, text=said), house)
    talk = replace(talk, unclear=0).asking(Ask.WHICH, name)
    return Turn(talk, (Say(f"utter_ask_what_{name}", buttons=_typical(name)),))


def place_for_group(talk: Talk, message: Message, house: House) -> Turn | None:
    """A domain in answer to "what happens with your e-mail?": the group's usual checks are run."""
    name = talk.options[0] if len(talk.options) == 1 else ""
    if not (message.names_place and name in table.COMMON):
        return None
    return complain(talk, replace(message, intent=table.COMMON[name][0]), house)


def _typical(name: str) -> tuple[Button, ...]:
    """The complaints people have most in this group, as buttons."""
    return (*buttons.complaints(name), buttons.person())


def _options(message: Message) -> tuple[str, ...]:
    """Up to three ``group:intent``, best first, as the ranking has it."""
    total: dict[str, float] = {}
    best: dict[str, str] = {}
    for intent, share in message.ranking:
        name = table.group(intent)
        if name in table.GROUPS and table.is_checked(intent):
            total[name] = total.get(name, 0) + share
            best.setdefault(name, intent)
    order = sorted((n for n in total if total[n] >= WORTH_NAMING), key=lambda n: -total[n])
    return tuple(f"{name}:{best[name]}" for name in order)


def _question(talk: Talk, names: list[str]) -> Say:
    if talk.unclear > 1:
        return Say("utter_ask_which_again", buttons=(*buttons.groups(), buttons.person()))
    if len(names) >= 2:
        args = {"first": table.topic(names[0]), "second": table.topic(names[1])}
        return Say("utter_ask_which_two", args, (*buttons.groups(names), buttons.person()))
    return questions.put(replace(talk, options=()))


def _words(talk: Talk, message: Message) -> tuple[Problem, ...]:
    """Keeps what was said, so that a pressed group has the customer's words."""
    if talk.problems:
        return talk.problems
    return (Problem(intent="", text=message.text),)


def _person(talk: Talk) -> Turn:
    return Turn(replace(talk.quiet(), reason="unclear", unclear=0), then="action_hand_over")
