"""Messages without words, and messages in other languages."""

from __future__ import annotations

from qiq.talk import buttons, phrases, questions
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Say, Talk, Turn

SPOKEN = ("ar", "de", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "zh")
"""Languages with an answer of their own in ``data/responses/languages.yml``."""


def foreign(talk: Talk, message: Message, house: House) -> Turn:
    """A kind answer in that language where we have one; a person either way."""
    if not phrases.has_words(message.text):
        says = questions.again(talk) or (
            Say("utter_ask_what", buttons=(*buttons.groups(), buttons.person())),
        )
        return Turn(talk, (Say("utter_no_words"), *says))
    code = message.language if message.language in SPOKEN else "other"
    return Turn(talk, (Say(f"utter_language_{code}", buttons=(buttons.person(),)),))
