"""What a talk knows and what a turn does. Frozen values only; nothing here decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from qiq.knowledge.model import UnknownError


class Ask(StrEnum):
    """The question that stands between bot and customer."""

    NOTHING = ""
    DOMAIN = "domain"
    EMAIL = "email"
    CONFIRM_DOMAIN = "confirm_domain"
    CLIENT = "client"
    ERROR = "error"
    APP = "app"
    DEVICE = "device"
    WHICH = "which"
    HELPED = "helped"
    CHANGED = "changed"
    PERSON = "person"
    NEXT = "next"
    BACK = "back"
    RATING = "rating"


@dataclass(frozen=True)
class Evidence:
    """One line of what a check found, as the customer may hear it (at most 160 characters)."""

    id: str
    status: str
    summary: str


@dataclass(frozen=True)
class Outcome:
    """What the last run of checks said: codes of the verdict and at most 12 lines of evidence."""

    verdict: str
    cause: str
    party: str
    certainty: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def same_as(self) -> tuple[str, str]:
        """Two outcomes with equal keys mean "nothing has changed" to a customer."""
        return (self.verdict, self.cause)


@dataclass(frozen=True)
class Details:
    """What was named in passing. Ids of ``knowledge/`` where it has one, else the words used.
    ``issuer`` is whom a certificate warning named, ``server`` the name set in a mail program."""

    client: str = ""
    os: str = ""
    antivirus: str = ""
    app: str = ""
    browser: str = ""
    isp: str = ""
    protocol: str = ""
    port: str = ""
    issuer: str = ""
    server: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``intent`` is a complaint of the taxonomy, ``text`` the customer's
    words (redacted, at most 600 characters), ``domain`` what was named or guessed.
    ``also_named`` are other domains of the same message, looked at when the first is not ours.
    ``asked`` are the questions put about it, ``steps`` the first aid already given."""

    intent: str = ""
    text: str = ""
    domain: str = ""
    also_named: tuple[str, ...] = ()
    email: str = ""
    url: str = ""
    details: Details = field(default_factory=Details)
    case: str = ""
    outcome: Outcome | None = None
    asked: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    checks: int = 0

    @property
    def is_ours(self) -> bool:
        """The last look proved a fault of the host."""
        return self.outcome is not None and self.outcome.verdict == "host_fault"


@dataclass(frozen=True)
class Talk:
    """The whole state. ``problems``: the active one first, at most four. ``options`` belong to the
    question that stands. ``unclear`` counts misunderstandings in a row. ``said`` is the last turn's
    replies, kept for "say that again". ``reason`` is why a person was asked for, or
    ``NEW_DETAIL`` when checks run again because something was named. ``at`` is the
    moment of the last message (seconds since 1970). ``checking`` is the problem whose checks are
    next. ``domain`` is the last one that turned out to be hosted here. ``language`` is the last
    one written other than English (ISO 639-1). ``upset``: they have been angry in this talk."""

    problems: tuple[Problem, ...] = ()
    ask: Ask = Ask.NOTHING
    options: tuple[str, ...] = ()
    unclear: int = 0
    said: tuple[Say, ...] = ()
    reason: str = ""
    checking: int = 0
    rating_case: str = ""
    domain: str = ""
    language: str = ""
    upset: bool = False
    at: float = 0.0

    @property
    def active(self) -> Problem | None:
        return self.problems[0] if self.problems else None

    def with_active(self, problem: Problem) -> Talk:
        """The same talk with ``problem`` in place of the active one (or as the first)."""
        return replace(self, problems=(problem, *self.problems[1:]))

    def asking(self, ask: Ask, *options: str) -> Talk:
        return replace(self, ask=ask, options=options)

    def quiet(self) -> Talk:
        """No question stands any more."""
        return replace(self, ask=Ask.NOTHING, options=())


@dataclass(frozen=True)
class Button:
    """``title`` is shown; ``intent`` and ``entities`` come back when it is pressed."""

    title: str
    intent: str
    entities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """One reply: a response of ``data/responses/`` with its arguments, or a ready ``text``."""

    response: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    text: str = ""
    custom: Mapping[str, object] | None = None


class Order(StrEnum):
    """What the desk must write down."""

    CLOSE = "close"
    STEP = "step"
    RATE = "rate"


@dataclass(frozen=True)
class Note:
    """An order to the desk about a case: ``value`` is the outcome, the step or the stars."""

    order: Order
    case: str
    value: str
    helped: bool | None = None


LISTEN = "action_listen"
NEW_DETAIL = "new_detail"


@dataclass(frozen=True)
class Turn:
    """What a decision comes to. ``then`` is the action that follows. ``unknown`` are errors that
    were admitted to be new: the desk keeps them for staff."""

    talk: Talk
    says: tuple[Say, ...] = ()
    notes: tuple[Note, ...] = ()
    then: str = LISTEN
    unknown: tuple[UnknownError, ...] = ()
