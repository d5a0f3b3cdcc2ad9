"""Every channel and every extra set of public routes, by name. Nothing registers itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from starlette.routing import BaseRoute

from qiq.gateway import demo, receipts, setup, status, tickets, widget
from qiq.gateway.channel import Channel, Make
from qiq.gateway.facebook import channel as facebook
from qiq.gateway.house import House
from qiq.gateway.slack import channel as slack
from qiq.gateway.telegram import channel as telegram
from qiq.gateway.twilio import channel as twilio
from qiq.settings import MissingSecret

log = logging.getLogger(__name__)

CHANNELS: Mapping[str, Make] = {
    "widget": widget.make,
    "tickets": tickets.make,
    "slack": slack.make,
    "facebook": facebook.make,
    "telegram": telegram.make,
    "twilio": twilio.make,
}

ROUTES: Mapping[str, Callable[[House], Sequence[BaseRoute]]] = {
    "status": status.routes,
    "receipts": receipts.routes,
    "setup": setup.routes,
    "demo": demo.routes,
}
"""Pages that are not a channel. ``demo`` stays last: it answers ``/``."""


def channels(house: House) -> list[Channel]:
    """The channels that the settings switch on and that have what they need.

    One without its secret is named to staff and left out; the others run on.
    """
    made = (_made(name, make, house) for name, make in CHANNELS.items())
    return [one for one in made if one is not None]


def _made(name: str, make: Make, house: House) -> Channel | None:
    try:
        return make(house)
    except (MissingSecret, ValueError) as error:
        text = house.say("staff.channel_off", channel=name, error=str(error))
        log.error("%s", text)
        house.desk.raise_alert("channel", text, key=f"channel:{name}")
        return None
