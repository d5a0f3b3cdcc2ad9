"""An error the customer quotes: what it means, said once before the checks, or who said it."""

from __future__ import annotations

from qiq.knowledge.reading import Reading
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Button, Say, Talk

_COMPLAINT = {"smtp": "email_bounced", "ftp": "ftp_problem", "http": "site_error"}
"""What a bare number is about, once it is known who said it."""


def meaning(talk: Talk, message: Message, house: House) -> tuple[Say, ...]:
    """What the errors in this message mean; nothing for a press or a message without any."""
    reading = _read(talk, message, house)
    return tuple(Say(text=sentence) for sentence in reading.sentences)


def who_said_it(talk: Talk, message: Message, house: House) -> Say | None:
    """The question behind a bare 550, which mail, FTP and web servers all use; else nothing."""
    reading = _read(talk, message, house)
    if not reading.ask:
        return None
    choice = tuple(
        Button(title, _COMPLAINT[entry.split("-", 1)[0]], {"error_code": entry})
        for entry, title in reading.choices
    )
    return Say(text=reading.ask, buttons=choice)


def side(talk: Talk, house: House) -> tuple[Say, ...]:
    """Where a quoted error usually points, once the checks found the same side."""
    problem = talk.active
    if problem is None or problem.outcome is None:
        return ()
    entries = (house.knowledge.errors.entries.get(i) for i in problem.details.errors)
    if any(entry and entry.usual_side == problem.outcome.party for entry in entries):
        return (Say(text=house.knowledge.say(f"error.side.{problem.outcome.party}")),)
    return ()


def _read(talk: Talk, message: Message, house: House) -> Reading:
    if message.pressed or message.pick or not message.text:
        return Reading()
    active = talk.active
    intent = (active.intent if active else "") or message.intent
    return house.knowledge.read_errors(message.text, intent, turn=len(talk.problems))
