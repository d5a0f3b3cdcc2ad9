"""One look at a message before any action answers it: what an intent alone cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qiq.diagnosis.reading import WARNINGS, issuer
from qiq.talk import phrases, table
from qiq.talk.again import OURS
from qiq.talk.message import Message, plain
from qiq.talk.model import Ask, Problem, Talk

LONG_AWAY = 6 * 3600.0
"""Seconds after which a customer is greeted as one who comes back."""

PLACE = (Ask.DOMAIN, Ask.EMAIL, Ask.CONFIRM_DOMAIN)
DETAIL = (Ask.CLIENT, Ask.APP, Ask.DEVICE, Ask.ERROR)

_WHOLE_TO = {
    "say_again": ("action_say_again", "inform"),
    "wait": ("action_wait", "inform"),
    "start_over": ("action_cancel", "cancel"),
    "cancel": ("action_cancel", "cancel"),
    "person": ("action_hand_over", "ask_human"),
    "persists": ("action_persists", "problem_persists"),
    "solved": ("action_solved", "problem_solved"),
}
_NOT_NEWS = ("ask_human", "complain_service")
_VAGUE = ("nlu_fallback", "out_of_scope", "inform", "greet", "goodbye", "thank")


@dataclass(frozen=True)
class Route:
    """``action`` is who answers (empty: the rule was right); ``message`` as it is to be read."""

    message: Message
    action: str = ""


def look(talk: Talk, message: Message) -> Route:
    """Who answers this message. Pure, and the same for the same talk: a second look agrees."""
    if message.pressed or message.pick:
        return Route(message)
    return (
        _wordless(talk, message)
        or _news(talk, message)
        or _in_a_phrase(talk, message)
        or _foreign(talk, message)
        or _heard(talk, message)
        or _after_long(talk, message)
        or _issuer(talk, message)
        or _down(message)
        or _whose_job(message)
        or _as_answer(talk, message)
        or Route(message)
    )


def _wordless(talk: Talk, message: Message) -> Route | None:
    sign = phrases.sign(message.text)
    if phrases.has_words(message.text):
        return None
    if sign and talk.ask is not Ask.NOTHING:
        intent = "affirm" if sign == "yes" else "deny"
        return Route(replace(message, intent=intent), "action_answer")
    return Route(replace(message, intent="nlu_fallback"), "action_language")


def _news(talk: Talk, message: Message) -> Route | None:
    """ "How long will it take?" is about the fault of ours, unless the message says much more."""
    besides = 1 if message.is_complaint else 3
    if message.intent in _NOT_NEWS or not phrases.nearly("news", message.text, besides):
        return None
    if message.names_place or not any(p.is_ours for p in talk.problems):
        return None
    return Route(replace(message, intent="problem_persists", pick=OURS), "action_persists")


def _in_a_phrase(talk: Talk, message: Message) -> Route | None:
    kind = phrases.whole(message.text)
    if kind == "skip" or (kind == "where_domain" and talk.ask in PLACE):
        if talk.ask is Ask.NOTHING:
            return None
        return Route(replace(message, intent="dont_know"), "action_answer")
    checked = talk.active is not None and talk.active.outcome is not None
    if checked and (kind == "recheck" or _asks_for_recheck(talk, message)):
        return Route(replace(message, intent="problem_persists"), "action_persists")
    if kind.startswith("group_") and (talk.active is None or not talk.active.intent):
        pick = f"group:{kind.removeprefix('group_')}"
        return Route(replace(message, intent="inform", pick=pick), "action_answer")
    if kind in ("persists", "solved") and talk.active is None:
        return None
    if kind in _WHOLE_TO:
        action, intent = _WHOLE_TO[kind]
        return Route(replace(message, intent=intent), action)
    return None


def _asks_for_recheck(talk: Talk, message: Message) -> bool:
    """ "I have changed it, please check again": however it was understood."""
    if message.names_place or message.is_complaint:
        return False
    return phrases.holds("recheck", message.text)


def _down(message: Message) -> Route | None:
    """ "Is rosebakery.example down?" is about that site, not about our servers."""
    if message.intent != "ask_server_status" or not message.names_place:
        return None
    return Route(replace(message, intent="site_down"), "action_complain")


def _whose_job(message: Message) -> Route | None:
    """ "Is webmail your job?" asks about the policy, though webmail is named."""
    if message.names_place or not phrases.asks("whose_job", message.text):
        return None
    return Route(replace(message, intent="ask_scope"), "action_scope")


def _foreign(talk: Talk, message: Message) -> Route | None:
    """Another language; a few words that could be any are taken for the one spoken before."""
    spoken = message.language
    if not spoken and talk.unclear and message.intent in ("nlu_fallback", "out_of_scope"):
        spoken = talk.language
    if spoken in ("", "en"):
        return None
    return Route(replace(message, language=spoken), "action_language")


def _heard(talk: Talk, message: Message) -> Route | None:
    """ "ok", "hm" after "did that help?": no answer yet, so there is nothing to close."""
    if talk.ask not in (Ask.HELPED, Ask.CHANGED) or not phrases.is_only_heard(message.text):
        return None
    return Route(replace(message, intent="inform"), "action_wait")


def _issuer(talk: Talk, message: Message) -> Route | None:
    """Who issued the certificate of a warning, however the rest of the words were understood."""
    active = talk.active
    warned = active is not None and active.outcome is not None and active.intent in WARNINGS
    if not warned or message.is_complaint or issuer(message.text, "email_cert_warning") is None:
        return None
    return Route(replace(message, intent="inform"), "action_answer")


def _after_long(talk: Talk, message: Message) -> Route | None:
    active = talk.active
    away = talk.at and message.now - talk.at > LONG_AWAY
    if not (away and active and active.outcome):
        return None
    if message.intent in (*_VAGUE, "affirm", "deny") and not message.names_place:
        return Route(replace(message, intent="greet"), "action_smalltalk")
    return None


def _as_answer(talk: Talk, message: Message) -> Route | None:
    answer = Route(message, "action_answer")
    if message.intent == "out_of_scope" and talk.unclear:
        return Route(replace(message, intent="nlu_fallback"), "action_clarify")
    if talk.ask is Ask.RATING and message.text.strip("★* ") in ("1", "2", "3", "4", "5"):
        return answer
    active = talk.active
    if active is None:
        return None
    if talk.ask in PLACE:
        return answer if _answers_place(active, message) else None
    if talk.ask in DETAIL:
        return answer if _answers_detail(talk.ask, active, message) else None
    return None


def _answers_place(active: Problem, message: Message) -> bool:
    if phrases.opens_with("also", message.text) and message.is_complaint:
        return False
    if message.first("ip_address") and message.words <= 6:
        return True
    if message.names_place:
        same_group = table.group(message.intent) == table.group(active.intent)
        return not message.is_complaint or same_group or message.words <= 4
    if message.names_detail or not _could_be_name(message.text):
        return False
    return message.intent in _VAGUE[:3] or message.is_complaint


def _could_be_name(text: str) -> bool:
    """One odd word, as in "rosebakery": perhaps a domain without its ending."""
    words = plain(text).split()
    known = any(words == [one] for one in table.phrases("trouble"))
    return len(words) == 1 and len(words[0]) >= 5 and words[0].isascii() and not known


def _answers_detail(ask: Ask, active: Problem, message: Message) -> bool:
    same_group = table.group(message.intent) == table.group(active.intent)
    if ask is Ask.ERROR:
        return message.intent in _VAGUE[:3] or (message.is_complaint and same_group)
    if message.names_detail:
        return not message.is_complaint or same_group or message.words <= 4
    return message.intent == "nlu_fallback" and message.words <= 4
