"""What is still missing before the checks can run, and asking for just that."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from qiq.diagnosis import reading
from qiq.talk import buttons, questions, quoted, table
from qiq.talk.house import House
from qiq.talk.message import Message, details
from qiq.talk.model import Ask, Details, Problem, Say, Talk, Turn

MOST_QUESTIONS = 2
_USUALLY = {"email": "email_cannot_connect", "website": "script_problem"}
"""The complaint of who names a program and no trouble, by what the program is for."""
_NEEDS_ADDRESS = ("email_login_failed", "email_mailbox_full", "email_lost")


def told(problem: Problem, message: Message, *, asked: bool = False) -> Problem:
    """The problem with everything this message names. ``asked``: it answers "which domain?"."""
    place = _place(message, asked)
    named = details(message, problem.details)
    known = replace(problem, details=_warned(named, problem.intent, message.text))
    if not place:
        return known
    if problem.domain and place["domain"] != problem.domain:
        # Another domain: what was found and tried for the old one says nothing of it.
        known = replace(known, outcome=None, steps=(), asked=())
    return replace(
        known,
        domain=place["domain"],
        also_named=tuple(d for d in _domains(message)[:4] if d != place["domain"]),
        email=place.get("email", ""),
        url=place.get("url", ""),
    )


def _warned(known: Details, intent: str, text: str) -> Details:
    """``known`` with what this message says of a certificate warning or a program's settings."""
    server = reading.server_name(text) if intent.startswith("email_") else None
    issuer = reading.issuer(text, intent)
    return replace(known, issuer=issuer or known.issuer, server=server or known.server)


def guessed(problem: Problem, talk: Talk, message: Message, house: House) -> Problem:
    """The problem with a domain, if one can be told without asking: another problem of this talk,
    the domain looked at before, the only one of a signed-in customer, or that of the page."""
    if problem.domain:
        return problem
    for other in talk.problems:
        if other.domain:
            return replace(problem, domain=other.domain, email=problem.email or other.email)
    if talk.domain:
        return replace(problem, domain=talk.domain)
    if len(message.signed_in) == 1:
        return replace(problem, domain=message.signed_in[0])
    host = (urlsplit(message.page).hostname or "").removeprefix("www.")
    ours = host == house.own_site or host.endswith(f".{house.own_site}")
    if host and "." in host and not ours and not host.replace(".", "").isdigit():
        return replace(problem, domain=host)
    return problem


def proceed(talk: Talk, message: Message, house: House, *says: Say) -> Turn:
    """Ask for the domain if nobody said it and nothing tells; else on to the checks."""
    turn = _proceed(talk, message, house, says)
    return replace(turn, unknown=quoted.admitted(talk, message, house))


def _proceed(talk: Talk, message: Message, house: House, says: tuple[Say, ...]) -> Turn:
    talk = _with_implied_complaint(talk)
    says = (*says, *_gone(message, house))
    active = talk.active
    if active is None or not active.intent:
        who = quoted.who_said_it(talk, message, house)
        return Turn(talk.asking(Ask.WHICH), (*says, who)) if who else _ask_which(talk, says)
    says = (*says, *quoted.meaning(talk, message, house))
    problems = tuple(guessed(p, talk, message, house) for p in talk.problems)
    talk = replace(talk, problems=problems, unclear=0)
    active = problems[0]
    if active.domain:
        return Turn(replace(talk.quiet(), checking=0), says, then="action_check_start")
    if len(active.asked) >= MOST_QUESTIONS:
        talk = replace(talk.quiet(), reason="no_domain")
        return Turn(talk, says, then="action_hand_over")
    return _ask_place(talk, active, message, says)


def _gone(message: Message, house: House) -> tuple[Say, ...]:
    """The mail program just named is one its maker gave up: said at once, with where to go."""
    client = house.knowledge.clients.get(message.first("client"))
    return (Say(text=client.advice),) if client and client.status == "discontinued" else ()


def _ask_place(talk: Talk, active: Problem, message: Message, says: tuple[Say, ...]) -> Turn:
    ask = Ask.EMAIL if active.intent in _NEEDS_ADDRESS else Ask.DOMAIN
    first = not active.asked or talk.ask is Ask.NOTHING
    talk = talk.with_active(replace(active, asked=(*active.asked, ask))).asking(ask)
    response = f"utter_ask_{ask}_{table.group(active.intent)}" if first and not says else ""
    if ask is Ask.EMAIL and response:
        response = "utter_ask_email_first"
    return Turn(talk, (*says, questions.put(talk, response, message.signed_in)))


def _ask_which(talk: Talk, says: tuple[Say, ...]) -> Turn:
    """What is wrong? A program names the group, so only the trouble itself is asked for."""
    active = talk.active
    if group := _implied(active) if active else "":
        talk = talk.asking(Ask.WHICH, group)
        choice = (*buttons.complaints(group), buttons.person())
        return Turn(talk, (*says, Say(f"utter_ask_what_{group}", buttons=choice)))
    talk = talk.asking(Ask.WHICH)
    if active and active.domain:
        args = {"domain": active.domain}
        choice = (*buttons.groups(), buttons.person())
        return Turn(talk, (*says, Say("utter_what_about_domain", args, choice)))
    return Turn(talk, (*says, questions.put(talk, "utter_ask_what")))


def _place(message: Message, asked: bool) -> dict[str, str]:
    """Domain, address and URL of this message. Gmail and the like count only when asked for."""
    domains = _domains(message) or (message.entities.get("ip_address", ()) if asked else ())
    domain = next((d for d in domains if asked or not table.is_elsewhere(d)), "")
    if not domain:
        return {}
    email = next((e for e in message.entities.get("email", ()) if e.endswith(f"@{domain}")), "")
    url = next((u for u in message.entities.get("url", ()) if domain in u), "")
    return {k: v for k, v in (("domain", domain), ("email", email), ("url", url)) if v}


def _implied(problem: Problem) -> str:
    """A mail program is about e-mail, a script about the website."""
    if problem.details.app:
        return "website"
    return "email" if problem.details.client or problem.details.protocol else ""


def _with_implied_complaint(talk: Talk) -> Talk:
    """A program and a domain are enough to look at: nobody need be asked what is wrong."""
    problem = talk.active
    if problem is None or problem.intent or not problem.domain:
        return talk
    group = _implied(problem)
    return talk.with_active(replace(problem, intent=_USUALLY[group])) if group else talk


def _domains(message: Message) -> list[str]:
    """Every domain named, the way it was given but for ``www.``."""
    mails = [e.rsplit("@", 1)[-1] for e in message.entities.get("email", ())]
    urls = [
        urlsplit(u if "//" in u else f"//{u}").hostname or ""
        for u in message.entities.get("url", ())
    ]
    named = (*mails, *urls, *message.entities.get("domain", ()))
    return list(dict.fromkeys(d.lower().removeprefix("www.") for d in named if d))
