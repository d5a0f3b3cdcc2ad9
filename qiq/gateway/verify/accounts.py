"""Asks the hosting adapter which domains have a contact address on file."""

from __future__ import annotations

import logging

from qiq.hosting import Hosting, HostingError

log = logging.getLogger(__name__)


class HostingAccounts:
    """Only domains the customer named are looked at: nobody can list the host's customers."""

    def __init__(self, hosting: Hosting) -> None:
        self.hosting = hosting

    async def domains_of(self, email: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
        """Those of ``candidates`` whose contact address is ``email`` (any letter case)."""
        found = []
        for domain in candidates[:10]:
            try:
                facts = await self.hosting.domain(domain)
            except HostingError:
                log.error("the hosting adapter could not be asked for a contact address")
                continue
            if facts and facts.contact_email and facts.contact_email.lower() == email.lower():
                found.append(facts.domain)
        return tuple(found)
