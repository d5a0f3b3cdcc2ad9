"""Known problems from the host's status page (Statuspage's ``summary.json``)."""

from __future__ import annotations

import asyncio
import json
import logging

from qiq.checks.clock import Deadline
from qiq.checks.errors import WireError
from qiq.checks.fetch import trusted
from qiq.settings import Settings
from qiq.verdict.model import Incident

log = logging.getLogger("qiq.hosting")
OVER = frozenset({"resolved", "postmortem", "completed"})
MOST = 10
WORDS = {
    "mail": ("mail", "smtp", "imap", "pop3", "webmail"),
    "web": ("web", "http", "site", "php", "mysql", "database"),
    "dns": ("dns", "nameserver", "name server", "domain"),
    "ftp": ("ftp", "file transfer"),
    "panel": ("panel", "cpanel", "directadmin", "plesk"),
}


async def open_incidents(settings: Settings, deadline: Deadline) -> tuple[Incident, ...]:
    """Every open incident of the configured feeds. A feed that fails is logged and left out."""
    feeds = settings.network.status_feeds
    found = await asyncio.gather(*(_read(url, settings, deadline) for url in feeds))
    return tuple(incident for incidents in found for incident in incidents)


async def _read(url: str, settings: Settings, deadline: Deadline) -> list[Incident]:
    try:
        page = await trusted(url, settings, deadline)
        data = json.loads(page.body)
        entries = [e for e in data["incidents"] if str(e.get("status")) not in OVER]
        return [_incident(entry) for entry in entries[:MOST]]
    except (WireError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("the status feed %s could not be read: %s", url, type(error).__name__)
        return []


def _incident(entry: dict[str, object]) -> Incident:
    title = " ".join(str(entry.get("name", "")).split())[:200] or "a known problem"
    components = entry.get("components")
    names = [str(c.get("name", "")) for c in components] if isinstance(components, list) else []
    return Incident(title, services=_services(" ".join([*names, title]).lower()))


def _services(text: str) -> tuple[str, ...]:
    return tuple(service for service, words in WORDS.items() if any(w in text for w in words))


def concerns(incident: Incident, services: frozenset[str]) -> bool:
    """Whether the incident may be behind a complaint about ``services``; unnamed means all."""
    return not incident.services or bool(services & set(incident.services))
