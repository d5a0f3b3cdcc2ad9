"""The talk's own tables (``words/*.yml``), read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

GROUPS = ("email", "website", "domain")
COMMON: Mapping[str, tuple[str, ...]] = {
    "email": (
        "email_cannot_receive",
        "email_cannot_send",
        "email_cannot_connect",
        "email_login_failed",
    ),
    "website": ("site_down", "site_error", "site_ssl_warning", "script_problem"),
    "domain": ("dns_problem", "domain_registration", "control_panel_problem", "resource_limit"),
}


@dataclass(frozen=True)
class Row:
    """What the talk knows of a complaint; the columns are explained in ``words/complaints.yml``."""

    group: str
    checks: str
    urgency: int
    label: str
    after: str = ""


def row(intent: str) -> Row:
    """The row of a complaint. Raises ``KeyError`` for any other intent: ask :func:`is_known`."""
    return _rows()[intent]


def complaints() -> tuple[str, ...]:
    """Every complaint there is a row for."""
    return tuple(_rows())


def is_known(intent: str) -> bool:
    return intent in _rows()


def is_checked(intent: str) -> bool:
    """Whether checks are run for this intent (a complaint), not only an answer given."""
    return is_known(intent) and row(intent).checks not in ("none", "status")


def group(intent: str) -> str:
    return row(intent).group if is_known(intent) else ""


def label(intent: str) -> str:
    return row(intent).label if is_known(intent) else ""


@cache
def phrases(kind: str) -> tuple[str, ...]:
    """The phrases of ``words/phrases.yml`` under ``kind``."""
    return tuple(str(p) for p in _read("phrases.yml")[kind])


def is_elsewhere(domain: str) -> bool:
    """Whether it is a mail service for everybody (``words/elsewhere.yml``)."""
    return domain in _elsewhere()


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(str(d) for d in _read("elsewhere.yml")["domains"])


@cache
def title(key: str) -> str:
    """The title of a button (``words/buttons.yml``)."""
    return str(_read("buttons.yml")[key])


@cache
def day(key: str) -> str:
    """Names of days and how they stand in a sentence (``words/days.yml``)."""
    return str(_read("days.yml")[key])


def incident(area: str) -> str:
    """Plain words for an incident by the beginning of its cause (``words/incidents.yml``)."""
    words = _words_of("incidents.yml")
    return str(words.get(area) or words["other"])


def concerns(name: str) -> tuple[str, ...]:
    """Beginnings of causes that concern a group; empty for all of them."""
    return tuple(_words_of("incidents.yml")["concerns"].get(name, ()))


@cache
def _words_of(name: str) -> dict[str, Any]:
    return _read(name)


def topic(name: str) -> str:
    """A group within a sentence: "your website"."""
    return title(f"topic_{name}")


@cache
def _rows() -> Mapping[str, Row]:
    return {intent: Row(**fields) for intent, fields in _read("complaints.yml").items()}


@cache
def _read(name: str) -> dict[str, Any]:
    text = (files("qiq.talk") / "words" / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
