"""``referrals.yml``: who looks after what, and the doors to them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qiq.knowledge.fields import Fields
from qiq.knowledge.load.files import Files
from qiq.knowledge.model import Referral

_KINDS = ("vendor", "community", "developer", "it_services")
_CATEGORIES = (
    "mail_client", "mail_provider", "operating_system", "antivirus", "browser", "script", "builder",
    "ftp_client", "cdn_dns", "isp", "registrar", "vendor", "developer", "it_services",
)  # fmt: skip
_CHECKS = ("read", "seen", "memory")
_DATE = re.compile(r"20\d\d-\d\d-\d\d")


def load_referrals(files: Files) -> dict[str, Referral]:
    """All referrals by id, cross references inside the file checked."""
    fields = dict(files.entries("referrals.yml"))
    result = {entry: _referral(entry, f) for entry, f in fields.items()}
    for entry, referral in result.items():
        for other in referral.move_to:
            if other not in result:
                fields[entry].wrong("move_to", f"'{other}' is no entry", "name an id of this file")
    return result


def _referral(entry: str, f: Fields) -> Referral:
    doors = {name: _door(f, name) for name in ("guide", "support", "forum", "contact")}
    result = Referral(
        id=entry,
        name=f.text("name"),
        category=f.choice("category", _CATEGORIES),
        kind=f.choice("kind", _KINDS),
        looks_after=f.text("looks_after"),
        status=f.choice("status", ("active", "discontinued", "generic")),
        checked=_date(f),
        phones=_phones(f),
        phone_for=f.text("phone_for", ""),
        advice=f.text("advice", ""),
        note=f.text("note", ""),
        status_note=f.text("status_note", ""),
        platforms=f.texts("platforms"),
        not_in=f.texts("not_in"),
        move_to=f.texts("move_to"),
        **doors,
    )
    _check(result, f)
    return result


def _check(referral: Referral, f: Fields) -> None:
    if referral.status == "discontinued" and not referral.advice:
        f.wrong("advice", "is missing for a discontinued program", "say where its users can go")
    if not referral.doors() and not referral.advice:
        f.wrong(
            "advice", "is missing and there is no address", "add an address or say how to find them"
        )
    f.done()


def _door(f: Fields, name: str) -> str | None:
    url = f.maybe(name)
    if url is not None:
        if not url.startswith("https://"):
            f.wrong(name, f"is '{url}'", "give an https:// address")
        f.choice(f"{name}_check", _CHECKS)
    return url


def _date(f: Fields) -> str:
    value = f.text("checked")
    if value and not _DATE.fullmatch(value):
        f.wrong("checked", f"is '{value}'", 'give the day as "2026-11-23"')
    return value


def _phones(f: Fields) -> Mapping[str, tuple[str, ...]]:
    numbers = f.raw("telephone")
    if numbers is None:
        return {}
    if f.text("phone_check", "missing") != "read":
        f.wrong(
            "phone_check", "is not 'read'", "give numbers only when read on the maker's own page"
        )
    if not isinstance(numbers, Mapping):
        f.wrong("telephone", "is not a mapping", "write 'GB: [number]' lines")
        return {}
    return {str(country): tuple(str(n) for n in found) for country, found in numbers.items()}
