"""Every channel and every extra set of public routes, by name. Nothing registers itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.routing import BaseRoute

from qiq.gateway import demo, status, tickets, widget
from qiq.gateway.channel import Channel, Make
from qiq.gateway.house import House

CHANNELS: Mapping[str, Make] = {
    "widget": widget.make,
    "tickets": tickets.make,
}

ROUTES: Mapping[str, Callable[[House], Sequence[BaseRoute]]] = {
    "status": status.routes,
    "demo": demo.routes,
}
"""Pages that are not a channel. ``demo`` stays last: it answers ``/``."""


def channels(house: House) -> list[Channel]:
    """The channels that the settings switch on."""
    made = (make(house) for make in CHANNELS.values())
    return [one for one in made if one is not None]
