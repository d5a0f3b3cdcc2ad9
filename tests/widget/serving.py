"""Runs the test gateway on a thread: started, stopped in mid-talk, started again on its port."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import uvicorn
from starlette.applications import Starlette

from .gateway import Gateway


class Served:
    """A gateway that answers at `url`. Its state is touched only on its own loop, by `call`."""

    def __init__(self, app: Callable[[Served], Starlette] | None = None) -> None:
        self.gateway = Gateway()
        self._app = app or (lambda served: served.gateway.app())
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._socket.close()
        self.start()

    def start(self) -> None:
        """Returns once it answers."""
        listener = socket.create_server(("127.0.0.1", self.port))
        config = uvicorn.Config(
            self._app(self), log_level="warning", timeout_graceful_shutdown=1, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        ready: Future[asyncio.AbstractEventLoop] = Future()

        async def serve() -> None:
            ready.set_result(asyncio.get_running_loop())
            await self._server.serve(sockets=[listener])

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self._thread.start()
        self._loop = ready.result(10)

    def stop(self) -> None:
        """Ends every line at once, as a killed process would."""

        def cut() -> None:
            for talk in self.gateway.talks.values():
                self.gateway.tell(talk, None)
            self._server.force_exit = True
            self._server.should_exit = True

        self._loop.call_soon_threadsafe(cut)
        self._thread.join(10)

    def call(self, act: Callable[[], Any]) -> Any:
        """Runs `act` on the gateway's loop and returns what it returned."""

        async def run() -> Any:
            return act()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def until(self, true: Callable[[Gateway], Any]) -> Any:
        """Waits for something to become true of the gateway; returns what it was."""
        deadline = time.monotonic() + 15
        while not (found := self.call(lambda: true(self.gateway))):
            if time.monotonic() > deadline:
                raise AssertionError("It never became true of the gateway.")
            time.sleep(0.01)
        return found

    def drop_lines(self) -> None:
        """Cuts every open WebSocket and stream; the server itself stays up."""

        async def cut() -> None:
            for talk in self.gateway.talks.values():
                self.gateway.tell(talk, None)
            for ws in list(self.gateway.sockets):
                await ws.close(1012)

        asyncio.run_coroutine_threadsafe(cut(), self._loop).result(10)

    # What tests say most
    def say(self, text: str = "", **more: Any) -> Any:
        return self.call(lambda: self.gateway.say(text, **more))

    def state(self, holder: str, **more: Any) -> Any:
        return self.call(lambda: self.gateway.state(holder, **more))

    def tell(self, **event: Any) -> None:
        self.call(lambda: self.gateway.tell(self.gateway.talk, event))
