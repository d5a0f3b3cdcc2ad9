"""Messages without words, and messages in other languages."""

from __future__ import annotations

from dataclasses import replace

from qiq.talk import buttons, phrases, questions
from qiq.talk.clarify import MOST_CLARIFICATIONS
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import proceed, told

SPOKEN = ("ar", "de", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "zh")
"""Languages with an answer of their own in ``data/responses/languages.yml``."""


def foreign(talk: Talk, message: Message, house: House) -> Turn:
    """A kind answer in that language where we have one; a person either way.

    What the message names is used all the same, and the question that stands is put again. Who
    goes on in that language gets a person: the third such message in a row is the last.
    """
    if not phrases.has_words(message.text):
        says = questions.again(talk) or (
            Say("utter_ask_what", buttons=(*buttons.groups(), buttons.person())),
        )
        return Turn(talk, (Say("utter_no_words"), *says))
    code = message.language if message.language in SPOKEN else "other"
    say = Say(f"utter_language_{code}", buttons=(buttons.person(),))
    talk = replace(talk, language=message.language)
    if message.names_place:
        return _with_place(talk, message, house, say)
    if talk.unclear >= MOST_CLARIFICATIONS:
        return Turn(replace(talk.quiet(), reason="language", unclear=0), then="action_hand_over")
    return Turn(replace(talk, unclear=talk.unclear + 1), (say, *_question(talk)))


def _with_place(talk: Talk, message: Message, house: House, say: Say) -> Turn:
    """A domain reads the same in every language: with a complaint known, its checks run."""
    known = told(talk.active or Problem(text=message.text), message, asked=True)
    talk = talk.with_active(known)
    if known.intent and known.outcome is None:
        return proceed(talk.quiet(), message, house, say)
    return Turn(talk, (say, *_question(talk)))


def _question(talk: Talk) -> tuple[Say, ...]:
    """The question that stands, unless it only asks what this is about."""
    return () if talk.ask is Ask.WHICH else questions.again(talk)
