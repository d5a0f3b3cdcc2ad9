"""Every channel and every extra set of public routes, by name. Nothing registers itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from starlette.routing import BaseRoute

from qiq.gateway import demo, pictures, receipts, setup, status, tickets, widget
from qiq.gateway.channel import Channel, Make
from qiq.gateway.house import House
from qiq.settings import MissingSecret

log = logging.getLogger(__name__)


def _when_set_up(name: str) -> Make:
    """The channel of the folder ``name``, imported only when the settings have its section.

    The platforms' own libraries take seconds to import, and most hosts use one or none.
    """

    def make(house: House) -> Channel | None:
        if getattr(house.settings.channels, name) is None:
            return None
        made: Channel | None = import_module(f"qiq.gateway.{name}.channel").make(house)
        return made

    return make


CHANNELS: Mapping[str, Make] = {
    "widget": widget.make,
    "tickets": tickets.make,
    "slack": _when_set_up("slack"),
    "facebook": _when_set_up("facebook"),
    "telegram": _when_set_up("telegram"),
    "twilio": _when_set_up("twilio"),
}

ROUTES: Mapping[str, Callable[[House], Sequence[BaseRoute]]] = {
    "status": status.routes,
    "receipts": receipts.routes,
    "pictures": pictures.routes,
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
