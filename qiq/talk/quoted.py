"""An error the customer quotes: what it means, said once before the checks, or who said it."""

from __future__ import annotations

from qiq.knowledge.model import UnknownError
from qiq.knowledge.reading import Reading
from qiq.knowledge.setup import MailServer, security_word
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Button, Say, Talk

_COMPLAINT = {"smtp": "email_bounced", "ftp": "ftp_problem", "http": "site_error"}
"""What a bare number is about, once it is known who said it."""


def meaning(talk: Talk, message: Message, house: House) -> tuple[Say, ...]:
    """What the errors in this message mean; nothing for a press or a message without any."""
    reading = _read(talk, message, house)
    sentences = (*reading.sentences, *_other_port(reading, message, house))
    return tuple(Say(text=sentence) for sentence in sentences)


def admitted(talk: Talk, message: Message, house: House) -> tuple[UnknownError, ...]:
    """The errors that ``meaning`` said to be new: staff are to hear of them."""
    reading = _read(talk, message, house)
    return reading.unknown if reading.sentences and not reading.hits else ()


def _other_port(reading: Reading, message: Message, house: House) -> tuple[str, ...]:
    """The port we recommend, where the one beside an error is another."""
    beside = reading.unknown[0] if reading.unknown and not reading.hits else None
    port = message.first("port") or str(beside.port if beside and beside.port else "")
    protocol = message.first("protocol") or (beside and beside.protocol) or ""
    if not reading.sentences or not port or not protocol:
        return ()
    offered = _offered(protocol, house)
    if not offered or port in {str(server.port) for server in offered}:
        return ()
    ours = offered[0]
    say = house.knowledge.say
    return (
        say(
            "error.read.port", protocol=str(ours.protocol).upper(), port=port, ours=ours.port,
            security=security_word(ours.security),
        ),
    )  # fmt: skip


def _offered(protocol: str, house: House) -> list[MailServer]:
    mail = house.settings.mail
    name = protocol.lower()
    return [s for s in (*mail.incoming, *mail.outgoing) if name.startswith(s.protocol[:4])]


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
