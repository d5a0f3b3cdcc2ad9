"""What staff type at the bot: ``/qiq …`` and mentions. Pure parsing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qiq.settings.servers import Server
from qiq.text.entities import extract

SERVICES = ("mail", "web", "dns", "ftp", "account", "all")
VERBS = ("check", "case", "reply", "incident", "status", "settings", "help")
DOORS = {"mail": "imaps", "web": "https", "ftp": "ftp", "dns": "dns"}
"""A service of ``servers`` in the settings that tells who does what."""
_LINK = re.compile(r"<(?:https?://|mailto:)?([^|>]+)(?:\|([^>]+))?>")
_SERVER = re.compile(r"\bservers?\s*#?(\d+)\b", re.IGNORECASE)
_MENTION = re.compile(r"<@[A-Z0-9_]+>")


@dataclass(frozen=True)
class Command:
    """``verb`` is one of ``VERBS`` or empty when it is a question in plain words."""

    verb: str
    words: tuple[str, ...]
    text: str

    def rest(self, skip: int) -> str:
        """Everything behind the first ``skip`` words, spaces kept."""
        parts = self.text.split(maxsplit=skip)
        return parts[skip] if len(parts) > skip else ""


def read(text: str) -> Command:
    """Slack's own link and mention markup is undone first."""
    plain = _MENTION.sub("", text)
    plain = _LINK.sub(lambda m: m.group(2) or m.group(1), plain)
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
    words = plain.split()
    verb = words[0].lower().strip(":,.!?") if words else "help"
    if verb not in VERBS:
        return Command("", tuple(words), plain)
    return Command(verb, tuple(words[1:]), plain.partition(words[0])[2].strip() if words else "")


def domain_in(text: str) -> str | None:
    """The first domain, address or URL named."""
    for kind in ("domain", "email", "url"):
        found = [entity for entity in extract(text) if entity.type == kind]
        if found:
            return str(found[0].value).rpartition("@")[2]
    return None


def service_in(text: str) -> str:
    """What a question in plain words is about; everything when it does not say."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    if words & {"mail", "email", "imap", "smtp", "pop", "outlook"}:
        return "mail"
    if words & {"web", "website", "site", "http", "https", "wordpress", "page"}:
        return "web"
    named = [service for service in SERVICES if service in words]
    return named[0] if named else "all"


def servers_in(text: str, servers: Sequence[Server]) -> list[str] | None:
    """Ids of the servers that may be meant, likeliest first; None when no server is named.

    "server 1" is whichever id ends in that number, those with the service asked about first.
    """
    number = _SERVER.search(text)
    named = [one.id for one in servers if _has_digit(one.id) and _stands_in(one.id, text)]
    if named or number is None:
        return named or None
    numbered = re.compile(rf"\D*0*{number.group(1)}")
    found = [one for one in servers if numbered.fullmatch(one.id)]
    door = DOORS.get(service_in(text), "")
    return [one.id for one in sorted(found, key=lambda one: door not in one.services)]


def _has_digit(name: str) -> bool:
    return any(char.isdigit() for char in name)  # a server called "mail" is also a plain word


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text, re.IGNORECASE) is not None
