"""Rasa's REST shape and ``/model/parse``: for development and evaluation, never in public."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from qiq.gateway.house import House
from qiq.gateway.rest.webhook import Webhook


class PublicAddress(ValueError):
    """``--dev-rest`` was asked for on an address that others can reach."""


def require_private(host: str) -> None:
    """Raises ``PublicAddress`` unless ``host`` is this machine only."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise PublicAddress(
        f"--dev-rest lets anyone talk as anyone, so it is refused on {host}; "
        "use --host 127.0.0.1, or leave --dev-rest out"
    )


def routes(house: House) -> Sequence[BaseRoute]:
    """The development routes."""
    webhook = Webhook(house)
    return [
        Route("/webhooks/rest/webhook", webhook.message, methods=["POST"]),
        Route("/webhooks/rest/events", webhook.events),
        Route("/model/parse", webhook.parse, methods=["POST"]),
    ]
