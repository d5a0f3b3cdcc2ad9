"""Carries a case's events from the outbox to the ticket system: in order, none doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute

from qiq.desk import Desk
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.house import House
from qiq.gateway.tickets.model import Event, TicketError, TicketSystem
from qiq.gateway.tickets.webhook import Webhook
from qiq.gateway.tickets.whmcs import Whmcs
from qiq.gateway.tickets.zammad import Zammad
from qiq.settings import Settings
from qiq.settings.desk import Webhook as WebhookSettings
from qiq.settings.desk import Whmcs as WhmcsSettings


class TicketChannel:
    """``address`` of an item is the case number, so a case's events never overtake each other."""

    name = "tickets"

    def __init__(self, desk: Desk, system: TicketSystem) -> None:
        self.desk = desk
        self.system = system

    def routes(self) -> Sequence[BaseRoute]:
        return []

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        event = Event(
            case=address,
            kind=str(body["kind"]),
            subject=str(body["subject"]),
            text=str(body["text"]),
            mark=str(body["outbox_key"]),
            email=body.get("email"),
        )
        try:
            return await self._deliver(event)
        except TicketError as error:
            raise DeliveryFailed(str(error), final=error.final) from error

    async def _deliver(self, event: Event) -> str:
        # Before each call a note says that it is about to be made. Finding the note means that
        # an earlier call may have got through: then the ticket system is asked, not told again.
        name = self.system.name
        ticket, unsure = await asyncio.to_thread(
            self.desk.begin_ticket, event.case, name, event.mark
        )
        if ticket is None:
            ticket = await self.system.find(event) if unsure else None
            ticket = ticket or await self.system.open(event)
        elif not (unsure and await self.system.has_reply(ticket, event)):
            await self.system.reply(ticket, event)
        await asyncio.to_thread(self.desk.ticket_done, event.case, name, ticket)
        return ticket

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        await self.system.close()


def make(house: House) -> TicketChannel | None:
    """None when the host has no ticket system in its settings."""
    system = system_of(house.settings)
    return TicketChannel(house.desk, system) if system else None


def system_of(settings: Settings) -> TicketSystem | None:
    """The adapter of ``desk.tickets``. Raises ``MissingSecret``."""
    wanted = settings.desk.tickets
    if wanted is None:
        return None
    brand = settings.brand
    if isinstance(wanted, WebhookSettings):
        return Webhook(wanted.url, settings.secret(wanted.secret_env))
    if isinstance(wanted, WhmcsSettings):
        return Whmcs(
            wanted.url,
            settings.secret(wanted.identifier_env),
            settings.secret(wanted.secret_env),
            wanted.department_id,
            brand.name,
            brand.contact_email,
        )
    return Zammad(wanted.url, settings.secret(wanted.token_env), wanted.group, brand.contact_email)
