"""Answers that need no checks: scope, terms, invoices, backups, scripts, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable

from qiq.knowledge.model import Referral, Scope
from qiq.talk import buttons, questions
from qiq.talk.aid import complaint
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Say, Talk, Turn

MOST_DOORS = 3
MOST_NUMBERS = 2
_LANDS = ("GB", "US")
"""Countries shown first when nobody said where they are."""
_VENDOR_KINDS = ("vendor", "antivirus", "client", "app", "browser", "os", "isp")


def scope(talk: Talk, message: Message, house: House) -> Turn:
    """Whose job is it? The policy's line about the thing asked, and what we still do."""
    line = house.knowledge.find_scope(message.text)
    if line is None or message.intent in line.intents:
        return _answered(talk, Say("utter_scope_all"))
    named = _named_doors(talk, message, house)
    return _answered(talk, *_policy(line), *_doors_of(line, named, house))


def explain(talk: Talk, message: Message, house: House) -> Turn:
    """Terms, invoices, backups, installing a script."""
    brand = house.brand
    match message.intent:
        case "ask_terms":
            says = _linked("utter_terms", brand.terms_url, house)
        case "billing_question":
            says = _linked("utter_billing", brand.customer_area_url, house)
        case "backup_restore":
            says = (_from_policy("utter_backup", message, house),)
        case _:
            says = (_from_policy("utter_script_install", message, house),)
    if message.intent in ("billing_question", "backup_restore", "ask_terms"):
        return Turn(talk, (*says, *questions.again(talk)))
    return _answered(talk, *says)


def vendor(talk: Talk, message: Message, house: House) -> Turn:
    """How to reach somebody: their doors, as text and as a payload."""
    doors = _doors(talk, message, house)
    if not doors:
        return Turn(talk, (Say("utter_vendor_which", buttons=(buttons.person(),)),))
    return _answered(talk, _pointing_to(doors))


def _answered(talk: Talk, *says: Say) -> Turn:
    """An answer, then back to the question that stands, or an offer to check."""
    if talk.ask in (Ask.NOTHING, Ask.RATING):
        return Turn(talk, (*says, Say("utter_offer_check", buttons=buttons.groups())))
    return Turn(talk, (*says, *questions.again(talk)))


def _policy(line: Scope) -> tuple[Say, ...]:
    says = [Say("utter_scope", {"answer": line.answer})]
    if line.best_effort:
        says.append(Say("utter_scope_effort", {"effort": line.best_effort}))
    return tuple(says)


def _doors_of(line: Scope, named: list[Referral], house: House) -> tuple[Say, ...]:
    """The doors to what the customer named; else those of the policy's line."""
    doors = named or [house.knowledge.referral(i) for i in line.referrals]
    return (_pointing_to(doors),) if doors else ()


def _pointing_to(doors: list[Referral]) -> Say:
    """One door or a few, as text and as a payload."""
    shown = doors[:MOST_DOORS]
    custom = {"type": "referral", "referrals": [d.payload() for d in shown]}
    if len(shown) == 1:
        args = {"name": shown[0].name, "door": _door(shown[0])}
        return Say("utter_vendor", args, custom=custom)
    lines = "\n".join(f"• {d.name}: {_door(d)}" for d in shown)
    return Say("utter_vendor_many", {"doors": lines}, custom=custom)


def _linked(response: str, url: object, house: House) -> tuple[Say, ...]:
    args = {"url": str(url or ""), "email": house.brand.contact_email}
    return (Say(response if url else f"{response}_person", args, (buttons.person(),)),)


def _from_policy(response: str, message: Message, house: House) -> Say:
    topic = "backup" if message.intent == "backup_restore" else "script_install"
    line = house.knowledge.find_scope(message.text) or _by_intent(message.intent, house)
    args = {"answer": line.answer, "effort": line.best_effort} if line else {"topic": topic}
    return Say(response, args, (buttons.person(),))


def _by_intent(intent: str, house: House) -> Scope | None:
    return next((s for s in house.knowledge.scopes.values() if intent in s.intents), None)


def _doors(talk: Talk, message: Message, house: House) -> list[Referral]:
    """Of what this message names, else of what the active problem names or needs."""
    found = _named_doors(talk, message, house)
    if found or talk.active is None or talk.active.outcome is None:
        return found
    return house.knowledge.referrals_for(talk.active.outcome.party, complaint(talk.active))


def _named_doors(talk: Talk, message: Message, house: House) -> list[Referral]:
    os = message.first("os") or (talk.active.details.os if talk.active else "")
    named = ((kind, value) for kind in _VENDOR_KINDS for value in message.entities.get(kind, ()))
    return _unique(
        door
        for kind, value in named
        for door in house.knowledge.referrals_for_entity(kind, value, os or None)
    )


def _unique(doors: Iterable[Referral]) -> list[Referral]:
    return list({door.id: door for door in doors}.values())


def _door(door: Referral) -> str:
    """Up to three addresses, and numbers that were read on an official page, by country."""
    numbers = [f"{land} {door.phones[land][0]}" for land in (*_LANDS, *sorted(door.phones))
               if door.phones.get(land)]  # fmt: skip
    shown = [*door.doors()[:3], *list(dict.fromkeys(numbers))[:MOST_NUMBERS]]
    if not door.active and door.advice:
        return door.advice
    return " · ".join(shown) or door.advice or door.note
