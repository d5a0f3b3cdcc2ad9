"""``mail_clients.yml`` and ``guides/*.yml``: mail programs and how to set them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qiq.knowledge.fields import Fields
from qiq.knowledge.load.files import Files
from qiq.knowledge.load.small import placeholders
from qiq.knowledge.model import Guide, MailClient

GUIDE_VALUES = (
    "address", "brand", "incoming_protocol", "incoming_host", "incoming_port", "incoming_security",
    "outgoing_host", "outgoing_port", "outgoing_security", "username",
)  # fmt: skip


def load_clients(files: Files, referrals: Iterable[str]) -> dict[str, MailClient]:
    """Mail programs by id, families included."""
    known = set(referrals)
    fields = dict(files.entries("mail_clients.yml"))
    result = {entry: _client(entry, f, known) for entry, f in fields.items()}
    for entry, client in result.items():
        for variant in client.variants.values():
            if variant not in result:
                fields[entry].wrong(
                    "variants", f"'{variant}' is no entry", "name an id of this file"
                )
    return result


def _client(entry: str, f: Fields, referrals: set[str]) -> MailClient:
    client = MailClient(
        id=entry,
        name=f.text("name"),
        systems=f.texts("systems", required=True),
        referral=f.text("referral"),
        status=f.choice("status", ("active", "discontinued"), "active"),
        advice=f.text("advice", ""),
        security_names=f.mapping("security_names"),
        autoconfig=f.texts("autoconfig"),
        fetched_by_cloud=f.flag("fetched_by_cloud"),
        variants=f.mapping("variants"),
        ask=f.text("ask", ""),
        trap=f.text("trap", ""),
        checked=f.text("checked"),
    )
    if client.referral and client.referral not in referrals:
        f.wrong("referral", f"'{client.referral}' does not exist", "name an id of referrals.yml")
    if client.status == "discontinued" and not client.advice:
        f.wrong("advice", "is missing for a discontinued program", "say what its users can do")
    if not client.variants and not {"tls", "starttls"} <= set(client.security_names):
        f.wrong("security_names", "lacks tls or starttls", "give the names this program shows")
    f.done()
    return client


def load_guides(files: Files, clients: Mapping[str, MailClient]) -> dict[str, tuple[Guide, ...]]:
    """Guides by mail program; the first one that fits a system is used."""
    result: dict[str, tuple[Guide, ...]] = {}
    for file in files.named("guides/"):
        for client, items in files.parsed[file].items():
            if client not in clients:
                Fields(file, client, {}, files.problems).wrong(
                    "(id)", "is no mail program", "name an id of mail_clients.yml"
                )
            result[client] = tuple(_guide(files, file, client, item) for item in items)
    return result


def _guide(files: Files, file: str, client: str, data: Any) -> Guide:
    f = Fields(file, client, data, files.problems)
    guide = Guide(
        client=client,
        title=f.text("title"),
        steps=f.texts("steps", required=True),
        systems=f.texts("systems"),
        first=_version(f, "first"),
        last=_version(f, "last"),
        note=f.text("note", ""),
    )
    for step in (guide.title, *guide.steps):
        for name in placeholders(step):
            if name not in GUIDE_VALUES:
                f.wrong("steps", f"{{{name}}} is unknown", f"use one of {', '.join(GUIDE_VALUES)}")
    f.done()
    return guide


def _version(f: Fields, name: str) -> int:
    value = f.raw(name)
    if value is not None and not isinstance(value, int):
        f.wrong(name, f"is {value!r}", "give a whole number such as 18")
        return 0
    return value or 0
