"""The website widget's channel: session, WebSocket, server-sent events, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute, Route, WebSocketRoute

from qiq.gateway.house import House
from qiq.gateway.widget.assets import Assets
from qiq.gateway.widget.entry import Entry, Handler
from qiq.gateway.widget.fallback import Fallback
from qiq.gateway.widget.files import Files
from qiq.gateway.widget.frames import Frames
from qiq.gateway.widget.socket import Socket

if TYPE_CHECKING:
    from qiq.gateway.widget.rasa_socket import RasaSocket


class WidgetChannel:
    """Clients fetch their history by sequence number, so nothing is ever delivered to them."""

    name = "widget"

    def __init__(self, house: House) -> None:
        entry, frames = Entry(house), Frames(house)
        self.entry = entry
        self.socket = Socket(house, entry, frames)
        self.fallback = Fallback(house, entry, frames)
        self.files = Files(house, entry)
        self.assets = Assets()
        self.rasa_socket = _rasa_socket(house, entry, frames)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/widget.js", self.assets.script),
            Route("/widget/texts/{language}.json", self.assets.texts),
            WebSocketRoute("/widget/ws", self.socket.serve),
            self._route("/widget/session", self.entry.session, "POST"),
            self._route("/widget/events", self.fallback.events, "GET"),
            self._route("/widget/messages", self.fallback.post, "POST"),
            self._route("/widget/files", self.files.upload, "POST"),
            self._route("/widget/files/{file_id}", self.files.show, "GET"),
            *(self.rasa_socket.routes() if self.rasa_socket else ()),
        ]

    def _route(self, path: str, handler: Handler, method: str) -> Route:
        return Route(path, self.entry.browsers(handler), methods=[method, "OPTIONS"])

    async def deliver(self, address: str, body: Mapping[str, Any]) -> str | None:
        return None

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        self.socket.closing.set()
        if self.rasa_socket:
            await self.rasa_socket.stop()


def _rasa_socket(house: House, entry: Entry, frames: Frames) -> RasaSocket | None:
    """Imported only when it is switched on: most hosts never load the library."""
    if not house.settings.channels.widget.socketio:
        return None
    from qiq.gateway.widget.rasa_socket import RasaSocket

    return RasaSocket(house, entry, frames)


def make(house: House) -> WidgetChannel:
    """The widget is always on."""
    return WidgetChannel(house)
