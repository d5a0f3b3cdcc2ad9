"""Takes what is due from the outbox to its channel, until the channel took it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import aiosmtplib

from qiq.desk import OutboxItem, StoreUnavailable
from qiq.gateway.channel import Channel, DeliveryFailed, WindowOver
from qiq.gateway.house import House
from qiq.settings import MissingSecret

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
LEASE_SECONDS = 60.0
SEND_SECONDS = 30.0
"""Shorter than the lease: nobody else takes an item that is still on its way."""


class Delivery:
    """One address at a time in order, many addresses at once."""

    def __init__(self, house: House, channels: Sequence[Channel]) -> None:
        self.house = house
        self.channels = {one.name: one for one in channels}

    async def run(self) -> None:
        """Looks for due items for ever."""
        while True:
            try:
                items = await asyncio.to_thread(self.house.desk.due, 20, LEASE_SECONDS)
                await asyncio.gather(*(self.deliver(item) for item in items))
            except StoreUnavailable:
                items = []
            if not items:
                await asyncio.sleep(POLL_SECONDS)

    async def deliver(self, item: OutboxItem) -> None:
        """One try."""
        desk = self.house.desk
        try:
            remote = await self._send_or_mail(item)
        except DeliveryFailed as error:
            log.error("delivery %s by %s failed: %s", item.id, item.channel, error)
            dead = await asyncio.to_thread(desk.failed, item.id, str(error), final=error.final)
            if dead:
                await self._tell_staff(item, str(error))
            return
        await asyncio.to_thread(desk.delivered, item.id, remote)

    async def _send_or_mail(self, item: OutboxItem) -> str | None:
        """Where the messenger's window is over, e-mail to an address the customer gave us."""
        try:
            return await self._send(item)
        except WindowOver:
            if not await self._mail(item):
                raise
            return "e-mail"

    async def _mail(self, item: OutboxItem) -> bool:
        desk, say = self.house.desk, self.house.say
        talk = await asyncio.to_thread(desk.open_conversation, item.channel, item.address)
        handover = await asyncio.to_thread(desk.handover, talk.id)
        email = talk.email or (handover.contact.get("email") if handover else None)
        if not email:
            return False
        brand = self.house.settings.brand.name
        text = say("messenger.mail", text=str(item.body.get("text") or ""), brand=brand)
        try:
            await self.house.post(email, say("messenger.mail_subject", brand=brand), text)
        except (aiosmtplib.SMTPException, OSError, MissingSecret) as error:
            raise DeliveryFailed(f"e-mail instead: {type(error).__name__}") from error
        return True

    async def _send(self, item: OutboxItem) -> str | None:
        channel = self.channels.get(item.channel)
        if channel is None:
            raise DeliveryFailed("channel is switched off")
        body = {**item.body, "outbox_key": item.key}
        try:
            return await asyncio.wait_for(channel.deliver(item.address, body), SEND_SECONDS)
        except DeliveryFailed:
            raise
        except TimeoutError as error:
            raise DeliveryFailed("timed out") from error
        except Exception as error:  # a bug in one channel must not stop the others
            log.exception("channel %s failed on %s", item.channel, item.id)
            raise DeliveryFailed(type(error).__name__) from error

    async def _tell_staff(self, item: OutboxItem, error: str) -> None:
        desk = self.house.desk
        text = self.house.say("staff.delivery", channel=item.channel, error=error)
        talk = None
        if item.body.get("message"):  # a message of a talk, not an event of a ticket
            talk = await asyncio.to_thread(desk.open_conversation, item.channel, item.address)
        await asyncio.to_thread(
            desk.raise_alert,
            "delivery",
            text,
            key=f"delivery:{item.id}",
            conversation_id=talk.id if talk else None,
        )
