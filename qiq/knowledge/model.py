"""What the knowledge files say, as frozen values. Nothing here reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Referral:
    """A door to somebody who can help.

    ``kind`` is ``vendor``, ``community``, ``developer`` or ``it_services``. The doors in the order
    to try: ``guide`` (setting up), ``support``, ``forum``, ``contact`` page. ``phones`` maps a
    country (ISO 3166) to numbers and holds only numbers read on the maker's own page;
    ``phone_for`` says who may ring. ``checked`` is the ISO date the entry was last looked at.
    """

    id: str
    name: str
    category: str
    kind: str
    looks_after: str
    status: str
    checked: str
    guide: str | None = None
    support: str | None = None
    forum: str | None = None
    contact: str | None = None
    phones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phone_for: str = ""
    advice: str = ""
    note: str = ""
    status_note: str = ""
    platforms: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    move_to: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """False for programs that their makers gave up."""
        return self.status != "discontinued"

    @property
    def url(self) -> str | None:
        """The first door for something that stopped working."""
        return self.support or self.guide or self.forum or self.contact

    def phone_in(self, country: str | None) -> str | None:
        """The number for ``country``; None when there is none that was read officially."""
        numbers = self.phones.get((country or "").upper())
        return numbers[0] if numbers else None

    def doors(self, *, setting_up: bool = False) -> tuple[str, ...]:
        """Addresses in the order to try, none twice."""
        first = (self.guide, self.support) if setting_up else (self.support, self.guide)
        return tuple(dict.fromkeys(u for u in (*first, self.forum, self.contact) if u))

    def payload(
        self, country: str | None = None, *, setting_up: bool = False
    ) -> dict[str, str | None]:
        """The ``referrals`` item of the diagnosis payload."""
        doors = self.doors(setting_up=setting_up)
        return {
            "id": self.id,
            "name": self.name,
            "url": doors[0] if doors else None,
            "phone": self.phone_in(country),
            "kind": self.kind,
        }


@dataclass(frozen=True)
class Step:
    """One thing a customer can try. ``worked`` says how they can tell that it helped."""

    id: str
    text: str
    worked: str = ""


@dataclass(frozen=True)
class ErrorEntry:
    """A known error message or code.

    ``usual_side`` and ``other_sides`` are parties of the verdict; ``host_checks`` names of
    ``knowledge/check_groups.yml``; ``first_aid`` ids of ``first_aid.yml``.
    """

    id: str
    category: str
    product: str
    meaning: str
    usual_side: str
    other_sides: tuple[str, ...]
    host_checks: tuple[str, ...]
    first_aid: tuple[str, ...]
    refer_to: tuple[str, ...]
    confidence: str
    examples: tuple[str, ...]
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class ErrorHit:
    """A known error found in a text; ``start`` and ``end`` count in the text as given.

    ``ambiguous`` means a bare number that mail, FTP and web servers all use: ask who said it, with
    ``alternatives`` as the choices. ``guessed`` means found only after mending typing errors.
    """

    entry: ErrorEntry
    start: int
    end: int
    matched: str
    rank: int = 0
    ambiguous: bool = False
    alternatives: tuple[ErrorEntry, ...] = ()
    guessed: bool = False


@dataclass(frozen=True)
class UnknownError:
    """An error nobody has described yet, and what can be read from it all the same.

    ``kind`` is ``hex``, ``constant``, ``dsn``, ``reply`` or ``quoted``. ``code_class`` is one of
    ``temporary``, ``permanent``, ``client``, ``server`` or empty.
    """

    text: str
    kind: str
    start: int
    end: int
    host: str | None = None
    port: int | None = None
    protocol: str | None = None
    code_class: str = ""


@dataclass(frozen=True)
class Guide:
    """How to set a mailbox up in one program, on one system.

    Steps hold placeholders such as ``{incoming_host}`` until ``filled``. ``first`` and ``last`` are
    the major versions of the system it is for; 0 means no limit.
    """

    client: str
    title: str
    steps: tuple[str, ...]
    systems: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    note: str = ""

    def fits(self, system: str, version: int) -> bool:
        """Whether it is meant for a system; an unknown system or version fits everything."""
        if system and self.systems and system not in self.systems:
            return False
        return not version or (self.first <= version and (not self.last or version <= self.last))

    def filled(self, values: Mapping[str, str]) -> Guide:
        """With the settings in place. Raises KeyError when one is missing."""
        steps = tuple(step.format_map(dict(values)) for step in self.steps)
        return replace(self, title=self.title.format_map(dict(values)), steps=steps)


@dataclass(frozen=True)
class MailClient:
    """A mail program. ``variants`` maps a system to the id meant when only a family was named."""

    id: str
    name: str
    systems: tuple[str, ...]
    referral: str
    status: str = "active"
    advice: str = ""
    security_names: Mapping[str, str] = field(default_factory=dict)
    autoconfig: tuple[str, ...] = ()
    fetched_by_cloud: bool = False
    variants: Mapping[str, str] = field(default_factory=dict)
    ask: str = ""
    trap: str = ""
    checked: str = ""


@dataclass(frozen=True)
class Script:
    """A script in the customer's web space: whose it is and what to do in general."""

    id: str
    name: str
    maintained_by: str
    host_does: tuple[str, ...]
    host_does_not: tuple[str, ...]
    guidance: tuple[Step, ...]
    find_help: str
    referrals: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """One line of the policy: whose job a thing is and what the host still does."""

    id: str
    name: str
    whose: str
    answer: str
    best_effort: str
    referrals: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()


@dataclass(frozen=True)
class AliasEntry:
    """Names people use for one id; ``exact`` ones match only as written."""

    id: str
    names: tuple[str, ...]
    exact: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """First aid for one kind of trouble: steps in the order to try, one at a time.

    Empty ``intents`` or ``kinds`` fit everything; the rule that says more wins.
    """

    id: str
    party: str
    intents: tuple[str, ...]
    kinds: tuple[str, ...]
    steps: tuple[str, ...]
