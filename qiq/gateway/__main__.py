"""``python -m qiq.gateway``: the public listener, and a second one on loopback for our parts."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from qiq.desk import StoreUnavailable
from qiq.gateway import rest, safelog
from qiq.gateway.app import internal_app, public_app
from qiq.gateway.house import House, Places, build
from qiq.gateway.post import Postman
from qiq.gateway.verify.accounts import HostingAccounts
from qiq.hosting import adapter_for
from qiq.knowledge import KnowledgeError
from qiq.knowledge import load as load_knowledge
from qiq.settings import MissingSecret, Settings, SettingsError, load

log = logging.getLogger("qiq.gateway")

THREADS = 32
"""For the store's synchronous calls; some may wait for a lock."""
WS_BYTES = 512 * 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 2 when it cannot be started as asked, with the reason on stderr."""
    options = _options(arguments)
    safelog.set_up()
    try:
        if options.dev_rest:
            rest.require_private(options.host)
        settings = load()
        house = _house(settings)
    except (SettingsError, MissingSecret, KnowledgeError, ValueError, StoreUnavailable) as error:
        print(f"qiq gateway: {error}", file=sys.stderr)
        return 2
    asyncio.run(_serve(house, options.host, options.port, dev_rest=options.dev_rest))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m qiq.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=5005, help="port to listen on")
    parser.add_argument(
        "--dev-rest",
        action="store_true",
        help="also serve Rasa's REST shape and /model/parse (this machine only)",
    )
    return parser.parse_args(arguments)


def _house(settings: Settings) -> House:
    places = Places.from_environment(settings)
    accounts = HostingAccounts(adapter_for(settings))
    return build(settings, places, load_knowledge().say, accounts, Postman(settings).send)


async def _serve(house: House, host: str, port: int, *, dev_rest: bool) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="store"))
    internal = urlsplit(house.places.internal_url)
    extra = rest.routes(house) if dev_rest else ()
    servers = [
        _server(public_app(house, extra=extra), host, port),
        _server(internal_app(house), internal.hostname or "127.0.0.1", internal.port or 5007),
    ]
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, _end, servers)
    async with asyncio.TaskGroup() as group:
        for server in servers:
            group.create_task(_until_end(server, servers))


def _server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=WS_BYTES,
        timeout_graceful_shutdown=3,
        lifespan="auto",
    )
    return _Server(config)


class _Server(uvicorn.Server):
    """Signals are handled once for both listeners."""

    def capture_signals(self):  # type: ignore[no-untyped-def]
        import contextlib

        return contextlib.nullcontext()


async def _until_end(server: uvicorn.Server, servers: Sequence[uvicorn.Server]) -> None:
    try:
        await server.serve()
    finally:
        _end(servers)


def _end(servers: Sequence[uvicorn.Server]) -> None:
    for server in servers:
        server.should_exit = True


if __name__ == "__main__":
    sys.exit(main())
