"""Setting a mail program up: the host's settings, and the steps for the program named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qiq.knowledge.model import Guide
from qiq.talk import buttons, questions, table
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Problem, Say, Talk, Turn
from qiq.talk.needs import told

_COMES_WITH = {"ios": "apple-mail-ios", "ipad": "apple-mail-ios", "android": "gmail-app-android"}
_SECURITY = {"tls": "SSL/TLS", "starttls": "STARTTLS", "none": "none"}


def set_up(talk: Talk, message: Message, house: House) -> Turn:
    """Settings at once, the guide when the program is known; an open question is kept."""
    known = told(talk.active or Problem(), message)
    guide = _guide(known, house)
    card = settings_card(known.email, guide, house)
    address = known.email or table.title("your_address")
    says = [Say("utter_settings", {"address": address, "lines": _lines(card)}, custom=card)]
    if guide:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(guide["steps"], 1))
        says.append(Say("utter_guide", {"title": guide["title"], "steps": steps}))
    if talk.ask not in (Ask.NOTHING, Ask.RATING, Ask.WHICH):
        return Turn(talk, (*says, *questions.again(talk)))
    if guide:
        return Turn(talk.quiet(), (*says, Say("utter_setup_broken", buttons=(buttons.person(),))))
    choice = tuple(replace(b, intent="email_setup") for b in buttons.clients()[:-1])
    return Turn(talk.quiet(), (*says, Say("utter_setup_client", buttons=choice)))


def settings_card(email: str, guide: Mapping[str, Any] | None, house: House) -> dict[str, Any]:
    """The ``settings`` payload: what to enter, for any program."""
    mail = house.settings.mail
    servers = [
        {"protocol": s.protocol, "host": s.host, "port": s.port, "security": s.security}
        for s in (*mail.incoming, *mail.outgoing)
    ]
    return {"type": "settings", "user": email or None, "servers": servers, "guide": guide}


def _lines(card: Mapping[str, Any]) -> str:
    return "\n".join(
        f"{s['protocol'].upper()}: {s['host']}, port {s['port']}, {_SECURITY[s['security']]}"
        for s in card["servers"]
    )


def _guide(problem: Problem, house: House) -> dict[str, Any] | None:
    system = problem.details.os
    client = problem.details.client or _usual(system)
    if client not in house.knowledge.clients:
        return None
    program = house.knowledge.client(client, system or None)
    if program.variants:  # a family, and nobody said which: most have the one on a computer
        client = program.variants.get("windows") or next(iter(program.variants.values()))
        program = house.knowledge.client(client)
    names = program.security_names
    guide: Guide = house.knowledge.guide(client, system or None)
    filled = guide.filled(values(problem.email, house, names))
    return {"title": filled.title, "steps": list(filled.steps)}


def _usual(system: str) -> str:
    """The program a telephone comes with."""
    return next((c for start, c in _COMES_WITH.items() if system.startswith(start)), "")


def values(email: str, house: House, names: Mapping[str, str]) -> dict[str, str]:
    """What a guide's placeholders stand for; ``names`` are the program's words for security."""
    mail = house.settings.mail
    found = {"address": email or table.title("your_address")}
    found["username"] = email or table.title("your_full_address")
    for side, server in (("incoming", mail.incoming[0]), ("outgoing", mail.outgoing[0])):
        found[f"{side}_host"] = server.host
        found[f"{side}_port"] = str(server.port)
        found[f"{side}_protocol"] = server.protocol.upper()
        found[f"{side}_security"] = names.get(server.security, _SECURITY[server.security])
    return found
