"""Setting a mail program up: the host's settings, and the steps for the program named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qiq.knowledge.model import MailClient
from qiq.knowledge.setup import security_word, settings_card, setup_values
from qiq.talk import buttons, questions, table
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import told

_COMES_WITH = {"ios": "apple-mail-ios", "ipad": "apple-mail-ios", "android": "gmail-app-android"}


def set_up(talk: Talk, message: Message, house: House) -> Turn:
    """Settings at once, the guide when the program is known; an open question is kept."""
    known = told(talk.active or Problem(), message)
    program = _program(known, house)
    guide = _guide(program, known, house) if program else None
    mail = house.settings.mail
    card = settings_card(mail.incoming, mail.outgoing, known.email or None) | {"guide": guide}
    address = known.email or table.title("your_address")
    says = [Say("utter_settings", {"address": address, "lines": _lines(card)}, custom=card)]
    if guide:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(guide["steps"], 1))
        says.append(Say("utter_guide", {"title": guide["title"], "steps": steps}))
    if program and program.trap:
        says.append(Say("utter_setup_trap", {"trap": program.trap}))
    if talk.ask not in (Ask.NOTHING, Ask.RATING, Ask.WHICH):
        return Turn(talk, (*says, *questions.again(talk)))
    if guide:
        return Turn(talk.quiet(), (*says, Say("utter_setup_broken", buttons=(buttons.person(),))))
    choice = tuple(replace(b, intent="email_setup") for b in buttons.clients()[:-1])
    return Turn(talk.quiet(), (*says, Say("utter_setup_client", buttons=choice)))


def _lines(card: Mapping[str, Any]) -> str:
    return "\n".join(
        f"{s['protocol'].upper()}: {s['host']}, port {s['port']}, {security_word(s['security'])}"
        for s in card["servers"]
    )


def _program(problem: Problem, house: House) -> MailClient | None:
    """The program named; of a family, when nobody said which, the one on a computer."""
    system = problem.details.os
    name = problem.details.client or _usual(system)
    if name not in house.knowledge.clients:
        return None
    found = house.knowledge.client(name, system or None)
    if not found.variants:
        return found
    on_computer = found.variants.get("windows") or next(iter(found.variants.values()))
    return house.knowledge.client(on_computer)


def _guide(program: MailClient, problem: Problem, house: House) -> dict[str, Any]:
    mail = house.settings.mail
    values = setup_values(
        program, mail.incoming, mail.outgoing,
        address=problem.email or table.title("your_address"), brand=house.brand.name,
        username=problem.email or table.title("your_full_address"),
    )  # fmt: skip
    filled = house.knowledge.guide(program.id, problem.details.os or None).filled(values)
    return {"title": filled.title, "steps": list(filled.steps)}


def _usual(system: str) -> str:
    """The program a telephone comes with."""
    return next((c for start, c in _COMES_WITH.items() if system.startswith(start)), "")
