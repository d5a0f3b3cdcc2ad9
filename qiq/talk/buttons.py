"""The buttons of the talk. Titles are data; what a press means is an intent of the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable

from qiq.talk import table
from qiq.talk.model import Button


def _button(key: str, intent: str, **entities: str) -> Button:
    return Button(table.title(key), intent, entities)


def yes() -> Button:
    return _button("yes", "affirm")


def no() -> Button:
    return _button("no", "deny")


def person() -> Button:
    return _button("person", "ask_human")


def unknown() -> Button:
    return _button("unknown", "dont_know")


def works() -> Button:
    return _button("works", "problem_solved")


def persists(key: str = "persists") -> Button:
    """ "Still not working", or another title with the same meaning: look again."""
    return _button(key, "problem_persists")


def helped() -> tuple[Button, ...]:
    """Under a first-aid step."""
    return (_button("helped", "problem_solved"), persists(), person())


def groups(names: Iterable[str] = table.GROUPS) -> tuple[Button, ...]:
    return tuple(_button(name, "inform", pick=f"group:{name}") for name in names)


def stars() -> tuple[Button, ...]:
    return tuple(_button(f"star{n}", "inform", pick=f"stars:{n}") for n in range(1, 6))


def domains(names: Iterable[str]) -> tuple[Button, ...]:
    """One button a domain; the domain itself is the title."""
    return tuple(Button(name, "inform", {"domain": name}) for name in names)


def pick(key: str, value: str) -> Button:
    return _button(key, "inform", pick=value)


def clients() -> tuple[Button, ...]:
    """The programs most people have; any other can be typed."""
    return (
        _button("outlook", "inform", client="outlook"),
        _button("apple", "inform", client="apple-mail-mac"),
        _button("thunderbird", "inform", client="thunderbird-desktop"),
        _button("iphone", "inform", client="apple-mail-ios"),
        _button("android", "inform", client="gmail-app-android"),
        unknown(),
    )


def apps() -> tuple[Button, ...]:
    return (
        _button("wordpress", "inform", app="wordpress"),
        pick("own_site", "app:own"),
        unknown(),
    )


def devices() -> tuple[Button, ...]:
    return (
        _button("windows", "inform", os="windows"),
        _button("mac", "inform", os="macos"),
        _button("iphone", "inform", os="ios"),
        _button("android", "inform", os="android"),
        unknown(),
    )


def complaints(group: str) -> tuple[Button, ...]:
    """The complaints people have most in a group; their titles are in ``words/buttons.yml``."""
    return tuple(_button(intent, intent) for intent in table.COMMON[group])
