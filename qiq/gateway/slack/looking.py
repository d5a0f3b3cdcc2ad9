"""What staff's questions are looked up with: understanding, checks, account facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from qiq.checks.batteries import BY_INTENT, SERVICES, for_intent
from qiq.desk.counting import together
from qiq.diagnosis import Subject, diagnose
from qiq.gateway.house import House
from qiq.gateway.rasa import RasaFailed
from qiq.hosting import HostingError, adapter_for
from qiq.hosting.model import DomainFacts
from qiq.verdict.model import Complaint

INTENTS = {
    "mail": "email_cannot_connect",
    "web": "site_down",
    "dns": "dns_problem",
    "ftp": "ftp_problem",
    "account": "resource_limit",
}
"""A complaint whose verdict is about the service staff asked about."""
MOST_DOMAINS = 50
"""So many are asked for at most, to find one that lives on a server."""


class Diagnosed(Protocol):
    """What Slack needs of ``qiq.diagnosis.Diagnosis``."""

    def payload(self) -> dict[str, Any]: ...

    def staff_text(self) -> str: ...


@dataclass(frozen=True)
class Wanted:
    """What is to be looked at: ``service`` of ``commands.SERVICES``, or the ``intent`` understood.

    ``by`` is the Slack user, whose own allowance of checks is used.
    """

    domain: str
    service: str = "all"
    intent: str = ""
    by: str = ""


class Looking(Protocol):
    """What the answers to staff need; a test has one of its own."""

    async def inspect(self, wanted: Wanted) -> Diagnosed:
        """The checks with staff's rights: account facts of the domain included."""

    async def facts(self, domain: str) -> DomainFacts | None:
        """What the panel says of a domain; None when it is not hosted or cannot be asked."""

    async def domain_on(self, server: str) -> str:
        """A hosted domain that lives on a server, else the host's own."""

    async def understand(self, text: str) -> str | None:
        """The intent of a question in plain words; None when it is not understood."""


class HouseLooking:
    """The same understanding and checks that customers get."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.hosting = adapter_for(house.settings)

    async def inspect(self, wanted: Wanted) -> Diagnosed:
        intent = wanted.intent or INTENTS.get(wanted.service, "site_down")
        batteries = for_intent(intent) if wanted.intent else SERVICES.get(wanted.service, ())
        subject = Subject(
            domain_text=wanted.domain,
            verified_domains=(wanted.domain,),
            visitor_id=f"staff:{wanted.by}",
        )
        found: Diagnosed = await diagnose(
            Complaint(intent=intent),
            subject,
            self.house.settings,
            batteries=tuple(dict.fromkeys((*batteries, "account"))),
            hosting=self.hosting,
            together=together(lambda: self.house.desk),
        )
        return found

    async def facts(self, domain: str) -> DomainFacts | None:
        try:
            return await self.hosting.domain(domain)
        except HostingError:
            return None

    async def domain_on(self, server: str) -> str:
        try:
            for name in sorted(await self.hosting.domains())[:MOST_DOMAINS]:
                facts = await self.hosting.domain(name)
                if facts is not None and server in (facts.server, facts.mail_server):
                    return name
        except HostingError:
            pass
        return (urlsplit(self.house.settings.brand.site).hostname or "").removeprefix("www.")

    async def understand(self, text: str) -> str | None:
        try:
            intent = await self.house.rasa.understand(text)
        except RasaFailed:
            return None
        return intent if intent in BY_INTENT else None
