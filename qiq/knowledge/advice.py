"""Which door and which first aid fit a complaint. Pure look-ups over the loaded files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qiq.knowledge.model import ErrorEntry, MailClient, Referral, Step, Trouble

_SYSTEM_VENDOR = {
    "windows": "microsoft-windows", "macos": "apple", "ios": "apple", "ipados": "apple",
    "android": "google-android",
}  # fmt: skip
_PROVIDERS = {
    "gmail": "google-gmail", "google-workspace": "google-gmail", "hotmail": "microsoft-outlook-com",
    "microsoft-365": "microsoft-365", "owa": "microsoft-365", "icloud": "apple",
}  # fmt: skip
_ON_THE_WAY = frozenset(
    {
        "email_cannot_connect",
        "email_cannot_send",
        "email_cannot_receive",
        "email_cert_warning",
        "email_login_failed",
    }
)
"""Complaints that an antivirus program between mail program and server can cause."""

_LAST_DOOR = {
    "client_software": "mail-client", "antivirus_firewall": "antivirus", "network_isp": "isp",
    "script": "developer", "dns": "registrar", "recipient_server": "recipient-provider",
}  # fmt: skip


def system_family(os: str | None) -> str:
    """``windows-11``, ``Windows 10`` → ``windows``; empty when not known."""
    words = (os or "").lower().replace("-", " ").split()
    return "ipados" if words[:1] == ["ipad"] else (words[0] if words else "")


def system_version(os: str | None) -> int:
    """The major version behind the name of a system: ``ios-18.1`` → 18; 0 when not known."""
    digits = "".join(c if c.isdigit() else " " for c in (os or "")).split()
    return int(digits[0]) if digits else 0


def resolve_client(
    clients: Mapping[str, MailClient], client: str | None, os: str | None
) -> MailClient | None:
    """The program meant: a family such as ``outlook`` is settled by the system where possible."""
    found = clients.get(client or "")
    if found and found.variants:
        family = system_family(os)
        chosen = found.variants.get(os or "") or found.variants.get(family)
        return clients.get(chosen, found) if chosen else found
    return found


class Doors:
    """Chooses referrals, nearest first, each once, gone programs followed by where to move."""

    def __init__(
        self,
        referrals: Mapping[str, Referral],
        clients: Mapping[str, MailClient],
        errors: Mapping[str, ErrorEntry],
    ) -> None:
        self._referrals = referrals
        self._clients = clients
        self._errors = errors

    def for_party(self, party: str, complaint: Any) -> list[Referral]:
        """``complaint`` is like ``qiq.verdict.model.Complaint``; any attribute may be missing."""
        if party in ("host", "customer_account"):
            return []
        ids = [*self._named(party, complaint), *self._from_errors(party, complaint)]
        if not ids and party in _LAST_DOOR:
            ids = [_LAST_DOOR[party]]
        return self._unfold([*ids, *self._after(party, complaint)])

    def for_entity(self, kind: str, value: str, os: str | None = None) -> list[Referral]:
        """Doors to whoever makes what a customer named, e.g. ``("antivirus", "avast")``."""
        if kind == "client":
            client = resolve_client(self._clients, value, os)
            return self._unfold([client.referral if client else "mail-client"])
        if value in self._referrals:
            return self._unfold([value])
        fallback = {
            "antivirus": "antivirus",
            "isp": "isp",
            "app": "developer",
            "os": self._system(value),
        }
        return self._unfold([_PROVIDERS.get(value, ""), fallback.get(kind, "")])

    def open_in(self, doors: list[Referral], country: str | None) -> list[Referral]:
        """``doors`` for a customer in ``country``: a maker that no longer serves it comes last,
        behind those who can help there."""
        closed = [door for door in doors if (country or "").upper() in door.not_in]
        if not closed:
            return doors
        rest = [door for door in doors if door not in closed]
        return [*(rest or self._unfold(["it_services"])), *closed]

    def _named(self, party: str, complaint: Any) -> list[str]:
        named = {
            "client_software": (*self._client(complaint), _get(complaint, "browser")),
            "antivirus_firewall": (_get(complaint, "antivirus"),),
            "network_isp": ("isp",),
            "script": (_get(complaint, "app"),),
            "dns": ("registrar",),
            "recipient_server": ("recipient-provider", _PROVIDERS.get(_get(complaint, "app"), "")),
            "unknown": (
                *self._client(complaint),
                *(_get(complaint, name) for name in ("browser", "antivirus", "app")),
            ),
        }  # fmt: skip
        return [i for i in named.get(party, ()) if i in self._referrals]

    def _client(self, complaint: Any) -> list[str]:
        client = resolve_client(self._clients, _get(complaint, "client"), _get(complaint, "os"))
        return [client.referral] if client else []

    def _by_cloud(self, complaint: Any) -> bool:
        """Whether the maker's servers fetch the mail: then nothing on the device is in the way."""
        client = resolve_client(self._clients, _get(complaint, "client"), _get(complaint, "os"))
        return client is not None and client.fetched_by_cloud

    def _from_errors(self, party: str, complaint: Any) -> list[str]:
        """Doors of the errors quoted, where they fit the party and nothing nearer was named."""
        found = []
        named = bool(
            _get(complaint, "client") or _get(complaint, "app") or _get(complaint, "antivirus")
        )
        for entry in (self._errors.get(i) for i in getattr(complaint, "error_ids", ()) or ()):
            if entry and entry.usual_side == party and not named:
                found += [r for r in entry.refer_to if r in self._referrals]
        return found

    def _after(self, party: str, complaint: Any) -> list[str]:
        """Doors that come after the nearest one."""
        if party == "client_software":
            # Between a mail program and a healthy server often stands a mail scanner.
            on_the_way = _get(complaint, "intent") in _ON_THE_WAY and not self._by_cloud(complaint)
            scanner = "antivirus" if on_the_way else ""
            return [self._system(_get(complaint, "os")), scanner, "it_services"]
        if party == "antivirus_firewall":
            defender = (
                "microsoft-defender" if system_family(_get(complaint, "os")) == "windows" else ""
            )
            return [defender, "it_services"]
        return {"network_isp": ["it_services"], "script": ["developer", "webmaster"]}.get(party, [])

    @staticmethod
    def _system(os: str | None) -> str:
        return _SYSTEM_VENDOR.get(system_family(os), "")

    def _unfold(self, ids: Iterable[str]) -> list[Referral]:
        result: dict[str, Referral] = {}
        for referral in (self._referrals.get(i) for i in ids):
            if referral:
                result[referral.id] = referral
                result.update(
                    {m: self._referrals[m] for m in referral.move_to if m in self._referrals}
                )
        return list(result.values())


def first_aid_ids(
    rules: Iterable[Trouble], errors: Iterable[ErrorEntry], party: str, intent: str, kinds: set[str]
) -> list[str]:
    """Step ids in the order to try: of the errors quoted first, then of the kind of trouble.

    ``kinds`` holds what was named: ids of programs, apps, browsers and systems.
    """
    fits = [(_fit(rule, party, intent, kinds), rule) for rule in rules]
    best = max((f for f in fits if f[0]), key=lambda f: f[0], default=(0, None))[1]
    quoted = [e for e in errors if e.usual_side == party or party in e.other_sides]
    ids = [step for e in quoted for step in e.first_aid]
    return list(dict.fromkeys([*ids, *(best.steps if best else ())]))


def _fit(rule: Trouble, party: str, intent: str, kinds: set[str]) -> int:
    """How well a rule fits: 0 not at all, more for what was named exactly."""
    if rule.party != party or (rule.intents and intent not in rule.intents):
        return 0
    exact = bool(kinds & set(rule.kinds))
    family = any(k.startswith(f"{want}-") for k in kinds for want in rule.kinds)
    if rule.kinds and not exact and not family:
        return 0
    return 1 + 2 * bool(rule.intents) + 3 * family + 4 * exact


def steps_of(ids: Iterable[str], steps: Mapping[str, Step]) -> list[Step]:
    """The steps behind ids."""
    return [steps[i] for i in ids if i in steps]


def kinds_named(complaint: Any, clients: Mapping[str, MailClient]) -> set[str]:
    """Everything a complaint names that first aid may depend on."""
    os = _get(complaint, "os")
    client = resolve_client(clients, _get(complaint, "client"), os)
    named = {_get(complaint, n) for n in ("client", "app", "antivirus", "browser")}
    return (named | {client.id if client else "", os.lower(), system_family(os)}) - {""}


def _get(complaint: Any, name: str) -> str:
    return getattr(complaint, name, None) or ""
