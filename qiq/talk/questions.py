"""Each question of the talk as something to say, and how to come back to the one that stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qiq.talk import buttons, table
from qiq.talk.model import Ask, Button, Say, Talk

_RESPONSES: Mapping[Ask, str] = {
    Ask.DOMAIN: "utter_ask_domain",
    Ask.EMAIL: "utter_ask_email",
    Ask.CONFIRM_DOMAIN: "utter_ask_confirm_domain",
    Ask.CLIENT: "utter_ask_client",
    Ask.ERROR: "utter_ask_error",
    Ask.APP: "utter_ask_app",
    Ask.DEVICE: "utter_ask_device",
    Ask.WHICH: "utter_ask_which",
    Ask.HELPED: "utter_ask_helped",
    Ask.CHANGED: "utter_ask_changed",
    Ask.PERSON: "utter_ask_person",
    Ask.NEXT: "utter_ask_next",
    Ask.BACK: "utter_ask_back",
    Ask.RATING: "utter_ask_rating",
}

_BUTTONS: Mapping[Ask, Callable[[], tuple[Button, ...]]] = {
    Ask.DOMAIN: lambda: (buttons.unknown(), buttons.person()),
    Ask.EMAIL: lambda: (buttons.unknown(), buttons.person()),
    Ask.CLIENT: buttons.clients,
    Ask.ERROR: lambda: (buttons.unknown(), buttons.person()),
    Ask.APP: buttons.apps,
    Ask.DEVICE: buttons.devices,
    Ask.HELPED: buttons.helped,
    Ask.CHANGED: lambda: (buttons.persists("recheck"), buttons.person()),
    Ask.PERSON: lambda: (buttons.person(), buttons.no()),
    Ask.NEXT: lambda: (buttons.yes(), buttons.no(), buttons.person()),
    Ask.BACK: lambda: (
        buttons.persists(),
        buttons.works(),
        buttons.pick("something_new", "new"),
        buttons.person(),
    ),
    Ask.RATING: buttons.stars,
}


def put(talk: Talk, response: str = "", signed_in: tuple[str, ...] = ()) -> Say:
    """The question that stands, with its buttons; ``response`` instead of its usual wording."""
    return Say(
        response or _RESPONSES[talk.ask], args=_args(talk), buttons=_buttons(talk, signed_in)
    )


def again(talk: Talk) -> tuple[Say, ...]:
    """After an interruption: back to the question that stands, if one does."""
    if talk.ask in (Ask.NOTHING, Ask.RATING):
        return ()
    return (put(talk),)


def _args(talk: Talk) -> dict[str, str]:
    active = talk.active
    args = {"domain": active.domain if active else "", "topic": ""}
    if active and active.intent:
        args["topic"] = table.label(active.intent)
    if talk.ask is Ask.CONFIRM_DOMAIN:
        args["suggestion"] = talk.options[0] if talk.options else ""
    return args


def _buttons(talk: Talk, signed_in: tuple[str, ...]) -> tuple[Button, ...]:
    if talk.ask is Ask.WHICH:
        return (*_which(talk.options), buttons.person())
    if talk.ask is Ask.CONFIRM_DOMAIN:
        suggestions = buttons.domains(talk.options[:3])
        return (*suggestions, buttons.pick("other_domain", "other"), buttons.person())
    return (*buttons.domains(signed_in[:4]), *_BUTTONS[talk.ask]())


def _which(options: tuple[str, ...]) -> tuple[Button, ...]:
    names = [option.split(":", 1)[0] for option in options]
    return buttons.groups(name for name in (names or table.GROUPS) if name in table.GROUPS)
