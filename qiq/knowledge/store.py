"""Everything the project knows, loaded once and shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from qiq.knowledge.advice import (
    Doors,
    first_aid_ids,
    kinds_named,
    resolve_client,
    steps_of,
    system_family,
    system_version,
)
from qiq.knowledge.causes import Cause, load_causes
from qiq.knowledge.countries import Countries, load_countries
from qiq.knowledge.load.clients import load_clients, load_guides
from qiq.knowledge.load.errors import CheckGroup, ErrorBook, load_check_groups, load_errors
from qiq.knowledge.load.files import Files
from qiq.knowledge.load.referrals import load_referrals
from qiq.knowledge.load.small import (
    load_aliases,
    load_scope,
    load_scripts,
    load_steps,
    load_wording,
)
from qiq.knowledge.load.trouble import load_trouble
from qiq.knowledge.match.matcher import Matcher
from qiq.knowledge.match.unknown import unknown_errors
from qiq.knowledge.model import (
    AliasEntry,
    ErrorEntry,
    ErrorHit,
    Guide,
    MailClient,
    Referral,
    Scope,
    Script,
    Step,
    Trouble,
    UnknownError,
)
from qiq.knowledge.problems import KnowledgeError, Problems
from qiq.knowledge.reader import read_all
from qiq.knowledge.reading import Reading, read_errors
from qiq.knowledge.setup import MailServer, setup_values

_SCOPE_OF = {
    "client": "mail_program",
    "antivirus": "antivirus",
    "app": "script",
    "isp": "network",
    "os": "device",
    "browser": "device",
}


@dataclass(frozen=True, repr=False)
class Knowledge:
    """All of ``knowledge/``. Frozen, and safe to share between threads.

    Look-ups of ids that do not exist raise KeyError: ids come from these files, so a wrong one is a
    mistake in the program, not of the customer.
    """

    root: Path
    referrals: Mapping[str, Referral]
    steps: Mapping[str, Step]
    check_groups: Mapping[str, CheckGroup]
    errors: ErrorBook
    clients: Mapping[str, MailClient]
    guides: Mapping[str, tuple[Guide, ...]]
    scripts: Mapping[str, Script]
    scopes: Mapping[str, Scope]
    aliases: Mapping[str, tuple[AliasEntry, ...]]
    troubles: tuple[Trouble, ...]
    countries: Countries
    wording: Mapping[str, tuple[str, ...]]

    def referral(self, id: str) -> Referral:
        return self.referrals[id]

    def referrals_for(
        self, party: str, complaint: Any = None, country: str | None = None
    ) -> list[Referral]:
        """Doors for a party of the verdict, the nearest first; empty for the host's own side."""
        doors = self._doors.for_party(str(getattr(party, "value", party)), complaint)
        return self._doors.open_in(doors, country)

    def referrals_for_entity(
        self, kind: str, value: str, os: str | None = None, country: str | None = None
    ) -> list[Referral]:
        """Doors to the maker of something a customer named, e.g. ``("antivirus", "avast")``."""
        return self._doors.open_in(self._doors.for_entity(kind, value, os), country)

    def error(self, id: str) -> ErrorEntry:
        return self.errors.entries[id]

    def checks_of(self, errors: Iterable[ErrorEntry]) -> list[CheckGroup]:
        """What these errors ask us to look at."""
        return [self.check_groups[group] for error in errors for group in error.host_checks]

    def match_errors(self, text: str, context: str = "") -> list[ErrorHit]:
        """Known errors in ``text``, the most specific first, one hit per entry.

        ``context`` is what the talk is about (an intent, earlier words): it settles bare numbers.
        """
        return self._matcher.match(text, context)

    def unknown_errors(self, text: str, hits: Iterable[ErrorHit] = ()) -> list[UnknownError]:
        """Error-like parts of ``text`` that no hit covers, with what can be read from them."""
        found = unknown_errors(text, [(h.start, h.end) for h in hits])
        return [u for u in found if not self._matcher.match(u.text)]

    def read_errors(self, text: str, context: str = "", turn: int = 0) -> Reading:
        """The errors in ``text`` put into words, with the question or the checks they call for."""
        return read_errors(self, text, context, turn)

    def client(self, id: str, os: str | None = None) -> MailClient:
        """The mail program; a family (``outlook``) is settled by ``os`` where possible."""
        found = resolve_client(self.clients, id, os)
        if found is None:
            raise KeyError(id)
        return found

    def guide(self, client_id: str, os: str | None = None) -> Guide:
        """The set-up guide for a program on a system, placeholders unfilled."""
        client = self.client(client_id, os)
        guides = self.guides.get(client.id) or self.guides["mail-client"]
        system, version = system_family(os), system_version(os)
        return next((g for g in guides if g.fits(system, version)), guides[0])

    def setup_guide(
        self,
        client_id: str,
        os: str | None,
        incoming: Sequence[MailServer],
        outgoing: Sequence[MailServer],
        address: str = "your full e-mail address",
        brand: str = "",
    ) -> Guide:
        """The guide with the host's settings filled in, in the words of the program."""
        client = self.client(client_id, os)
        values = setup_values(client, incoming, outgoing, address, brand)
        return self.guide(client_id, os).filled(values)

    def first_aid(self, party: str, complaint: Any = None) -> list[Step]:
        """Steps to offer one at a time, in order, for trouble on the side of ``party``."""
        ids = getattr(complaint, "error_ids", ()) or ()
        errors = [e for i in ids if (e := self.errors.entries.get(i))]
        wanted = str(getattr(party, "value", party))
        intent = getattr(complaint, "intent", None) or ""
        kinds = kinds_named(complaint, self.clients)
        return steps_of(first_aid_ids(self.troubles, errors, wanted, intent, kinds), self.steps)

    def script(self, id: str) -> Script:
        return self.scripts[id]

    def scope(self, topic: str) -> Scope:
        """A line of the policy, by its id or one of its names."""
        return self._scope_names.get(topic.strip().lower()) or self.scopes[topic]

    def find_scope(self, text: str, kinds: Iterable[str] = ()) -> Scope | None:
        """The line of the policy a question is about: the longest name in it decides.

        ``kinds`` are the entity types found in it (``client``, ``antivirus`` …), used when no name
        of the table is there: any mail program is a mail program.
        """
        words = " " + " ".join(re.findall(r"[\w&'-]+", text.lower())) + " "
        found = [name for name in self._scope_names if f" {name} " in words]
        things = [name for name in found if self._scope_names[name].id != "best_effort"]
        by_kind = [_SCOPE_OF[kind] for kind in kinds if kind in _SCOPE_OF]
        if not things and by_kind:
            return self.scopes[by_kind[0]]
        named = max(things or found, key=len, default=None)
        return self._scope_names[named] if named else None

    def cause(self, code: str) -> Cause:
        return self.causes[code]

    @cached_property
    def causes(self) -> Mapping[str, Cause]:
        """Every cause code with its words; read on first use."""
        return load_causes(self.root)

    def say(self, key: str, *, turn: int = 0, **args: object) -> str:
        """The sentence ``key``; ``turn`` rotates its variants so that none comes twice in a row.

        Raises KeyError for an unknown key or a missing placeholder.
        """
        variants = self.wording[key]
        return variants[turn % len(variants)].format_map(args)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.errors.entries, self.errors.patterns, self.errors.replies)

    @cached_property
    def _doors(self) -> Doors:
        return Doors(self.referrals, self.clients, self.errors.entries)

    @cached_property
    def _scope_names(self) -> dict[str, Scope]:
        return {n.lower(): s for s in self.scopes.values() for n in (s.id, s.name, *s.aliases)}


_BESIDE = Path(__file__).resolve().parents[2] / "knowledge"


def load(root: str | Path | None = None) -> Knowledge:
    """All knowledge below ``root`` (default: the ``knowledge`` folder beside the package).

    Raises KnowledgeError that names every file, entry and field that is wrong.
    """
    return _load(Path(root).resolve() if root else _BESIDE)


@lru_cache(maxsize=4)
def _load(root: Path) -> Knowledge:
    problems = Problems()
    knowledge = _build(root, Files(read_all(root), problems))
    _check_whole(knowledge, problems)
    problems.raise_if_any()
    return knowledge


def _build(root: Path, files: Files) -> Knowledge:
    referrals = load_referrals(files)
    steps = load_steps(files)
    groups = load_check_groups(files)
    clients = load_clients(files, referrals)
    return Knowledge(
        root=root,
        referrals=referrals,
        steps=steps,
        check_groups=groups,
        errors=load_errors(files, groups, steps, referrals),
        clients=clients,
        guides=load_guides(files, clients),
        scripts=load_scripts(files, steps, referrals),
        scopes=load_scope(files, referrals),
        aliases=load_aliases(files),
        countries=load_countries(files),
        troubles=load_trouble(files, steps),
        wording=load_wording(files),
    )


def _check_whole(knowledge: Knowledge, problems: Problems) -> None:
    """What only shows when all files are there."""
    for client in knowledge.clients.values():
        gone = client.status == "discontinued"
        own = gone or (client.referral != "mail-client" and not client.variants)
        if own and client.id not in knowledge.guides:
            problems.add("guides/", client.id, "(all)", "is missing", "write a set-up guide")
    if "mail-client" not in knowledge.guides:
        problems.add("guides/", "mail-client", "(all)", "is missing", "write the general guide")
    for alias in knowledge.aliases.get("client", ()):
        if alias.id not in knowledge.clients:
            problems.add(
                "aliases/clients.yml",
                alias.id,
                "(id)",
                "is no mail program",
                "add it to mail_clients.yml",
            )
    for alias in knowledge.aliases.get("vendor", ()):
        if alias.id not in knowledge.referrals:
            problems.add(
                "aliases/vendors.yml", alias.id, "(id)", "is no referral", "add it to referrals.yml"
            )


__all__ = ["Knowledge", "KnowledgeError", "load"]
