"""What staff type at the bot: ``/qiq …`` and mentions. Pure parsing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qiq.text.entities import extract

SERVICES = ("mail", "web", "dns", "ftp", "account", "all")
VERBS = ("check", "case", "reply", "incident", "status", "settings", "help")
_LINK = re.compile(r"<(?:https?://|mailto:)?([^|>]+)(?:\|([^>]+))?>")
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
