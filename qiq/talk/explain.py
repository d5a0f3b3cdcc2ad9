"""Answers that need no checks: scope, terms, invoices, backups, scripts, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable

from qiq.knowledge.model import Referral, Scope
from qiq.talk import buttons, phrases, questions, repair
from qiq.talk.aid import complaint
from qiq.talk.house import House
from qiq.talk.message import Message
from qiq.talk.model import Ask, Say, Talk, Turn

MOST_DOORS = 3
MOST_NUMBERS = 2
_LANDS = ("GB", "US")
"""Countries shown first when nobody said where they are."""
_VENDOR_KINDS = ("client", "antivirus", "app", "browser", "isp", "os", "vendor")
"""What is specific comes first: the door to Outlook before the one to Microsoft."""
_SCOPE_KINDS = ("client", "antivirus", "app", "isp", "browser", "os")


def scope(talk: Talk, message: Message, house: House) -> Turn:
    """Whose job is it? The policy's line about the thing asked, and what we still do."""
    named = [kind for kind in _SCOPE_KINDS if message.first(kind)]
    line = house.knowledge.find_scope(message.text, named)
    if (
        line is None
        and talk.active
        and talk.active.outcome
        and phrases.holds("blame", message.text)
    ):
        return repair.why(talk, message, house)
    if line is None:
        return _answered(talk, Say("utter_scope_all"))
    country = _country(message, house)
    mine = _doors_named(talk, message, house)
    usual = [house.knowledge.referral(i) for i in line.referrals]
    listed = _door_list(mine, country, house) or _door_list(usual, country, house, advised=False)
    return _answered(talk, *_policy(line), *listed)


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
    which = _which_one(message, house)
    return _answered(talk, *_door_list(doors, _country(message, house), house, which))


def _answered(talk: Talk, *says: Say) -> Turn:
    """An answer, then back to the question that stands, or an offer to check."""
    if talk.ask in (Ask.NOTHING, Ask.RATING):
        return Turn(talk, (*says, Say("utter_offer_check", buttons=buttons.groups())))
    return Turn(talk, (*says, *questions.again(talk)))


def _policy(line: Scope) -> tuple[Say, ...]:
    says = [Say("utter_scope", {"answer": line.answer})]
    if line.best_effort:
        # "All the same" is said of what is not our job; of our own it would sound like a favour.
        response = "utter_scope_practice" if line.whose == "host" else "utter_scope_effort"
        says.append(Say(response, {"effort": line.best_effort}))
    return tuple(says)


def _door_list(
    doors: list[Referral], country: str, house: House, more: str = "", *, advised: bool = True
) -> tuple[Say, ...]:
    """Up to three doors as text and payload; ``advised`` adds what the first maker wants people
    to know, which fits where that maker was named."""
    shown = doors[:MOST_DOORS]
    if not shown:
        return ()
    first = shown[0]
    custom = {"type": "referral", "referrals": [d.payload(country) for d in shown]}
    if len(shown) == 1 and not first.doors():
        return (Say("utter_vendor_advice", {"advice": first.advice}, custom=custom),)
    advice = first.advice if advised and first.active and first.doors() else ""
    notes = "".join(f"\n{note}" for note in (advice, more) if note)
    if len(shown) == 1:
        args = {"name": first.name, "door": _door(first, country, house) + notes}
        return (Say("utter_vendor", args, custom=custom),)
    lines = "\n".join(f"• {d.name}: {_door(d, country, house)}" for d in shown)
    return (Say("utter_vendor_many", {"doors": lines + notes}, custom=custom),)


def _country(message: Message, house: House) -> str:
    """Where the customer is: what they say now, else what is known."""
    return house.knowledge.countries.named(message.text) or message.country


def _which_one(message: Message, house: House) -> str:
    """A family of programs and no system: which one is it?"""
    client = house.knowledge.clients.get(message.first("client"))
    return "" if client is None or message.first("os") else client.ask


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
    found = _doors_named(talk, message, house)
    if found or talk.active is None or talk.active.outcome is None:
        return found
    party, country = talk.active.outcome.party, _country(message, house)
    return house.knowledge.referrals_for(party, complaint(talk.active), country)


def _doors_named(talk: Talk, message: Message, house: House) -> list[Referral]:
    os = message.first("os") or (talk.active.details.os if talk.active else "")
    named = ((kind, value) for kind in _VENDOR_KINDS for value in message.entities.get(kind, ()))
    country = _country(message, house)
    return _unique(
        door
        for kind, value in named
        for door in house.knowledge.referrals_for_entity(kind, value, os or None, country)
    )


def _unique(doors: Iterable[Referral]) -> list[Referral]:
    return list({door.id: door for door in doors}.values())


def _door(door: Referral, country: str, house: House) -> str:
    """Up to three addresses, and numbers that were read on an official page, each with its country:
    that of the customer where it is known."""
    if not (door.active and door.doors()):
        return door.advice
    return " · ".join((*door.doors()[:3], *_numbers(door, country, house)))


def _numbers(door: Referral, country: str, house: House) -> list[str]:
    lands = [country] if country else dict.fromkeys((*_LANDS, *sorted(door.phones)))
    return [
        f"{door.phones[land][0]} ({house.knowledge.countries.name(land)})"
        for land in lands
        if door.phones.get(land)
    ][:MOST_NUMBERS]
