"""What a channel is. Adding one: a folder here, a section in the settings, a line in REGISTRY."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from starlette.routing import BaseRoute

from qiq.gateway.house import House


class DeliveryFailed(Exception):
    """The platform did not take it. ``final`` when trying again cannot help."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class WindowOver(DeliveryFailed):
    """The platform lets nobody write to this person any more until they write again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, final=True)


class Channel(Protocol):
    """One folder of the gateway. ``name`` is what conversations of it are filed under.

    ``routes`` are mounted on the public listener. A channel verifies the sender, opens the
    conversation with ``house.desk.open_conversation(name, address)`` and hands what was said to
    ``house.reception`` with the platform's own message id as key (seen twice, stored once).
    """

    name: str

    def routes(self) -> Sequence[BaseRoute]: ...

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        """Delivers one outbox item (an event's body with ``message``, ``kind``, ``author``).

        Returns the platform's id of it, if any. Raises ``DeliveryFailed``. Channels whose
        clients fetch their own history (widget, REST) are never asked.
        """
        ...

    async def start(self) -> None:
        """Called once the gateway runs; for connections of its own."""
        ...

    async def stop(self) -> None:
        """Called at the end."""
        ...


class Make(Protocol):
    """A channel from the house; None when the settings do not switch it on."""

    def __call__(self, house: House) -> Channel | None: ...
