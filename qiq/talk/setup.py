"""Setting a mail program up: the host's settings, and the steps for the program named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qiq.knowledge.model import MailClient
from qiq.knowledge.setup import security_word, settings_card, setup_values
from qiq.talk import buttons, questions, table
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import guessed, told

_COMES_WITH = {"ios": "apple-mail-ios", "ipad": "apple-mail-ios", "android": "gmail-app-android"}


@dataclass(frozen=True)
class Tested:
    """What the checks said of the settings. ``found`` is told first when something is wrong;
    ``records`` are what the domain could publish so that programs find the settings."""

    works: bool = False
    found: Found | None = None
    records: str = ""


def subject(talk: Talk, message: Message, house: House) -> Problem:
    """Whose settings are asked for; the domain is empty when nobody said it."""
    known = told(replace(talk.active or Problem(), intent="email_setup"), message)
    return guessed(known, talk, message, house)


def set_up(talk: Talk, message: Message, house: House, tested: Tested | None = None) -> Turn:
    """What the checks found, the settings, and the guide when the program is known; an open
    question is kept."""
    known = told(talk.active or Problem(), message)
    program = _program(known, house)
    guide = _guide(program, known, house) if program else None
    mail = house.settings.mail
    card = settings_card(mail.incoming, mail.outgoing, known.email or None) | {"guide": guide}
    address = known.email or table.title("your_address")
    says = [*_fault(tested)]
    says.append(Say("utter_settings", {"address": address, "lines": _lines(card)}, custom=card))
    says += _test_result(tested)
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


def _fault(tested: Tested | None) -> tuple[Say, ...]:
    found = tested.found if tested else None
    if found is None:
        return ()
    result = Say(text=found.text, custom=found.payload)
    case = str(found.payload.get("case") or "")
    ours = found.payload.get("verdict") == "host_fault" and case
    return (result, Say("utter_host_fault", {"case": case})) if ours else (result,)


def _test_result(tested: Tested | None) -> tuple[Say, ...]:
    if tested is None or tested.found is not None:
        return ()
    if not tested.works:
        return (Say("utter_settings_untested"),)
    said = Say("utter_settings_tested")
    if not tested.records:
        return (said,)
    return (said, Say("utter_settings_records", {"records": tested.records}))


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
