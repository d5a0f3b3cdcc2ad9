"""The lab itself: starts every pretend machine, and switches faults on and off."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from lab import files
from lab.control import control_handler
from lab.dns.server import Datagrams, NameServer, Stream
from lab.faults import apply_fault
from lab.healthy import healthy_world
from lab.listener import Listener
from lab.pki import Authority
from lab.ports import keep_dns_ports
from lab.scenarios import Scenario, find, load
from lab.services import Services
from lab.web.asgi import http_factory
from lab.world import Wire

CANARY_ENV = "QIQ_CANARY_PASSWORD"


class Lab:
    """A running pretend internet. Use ``async with Lab.start(folder) as lab``."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = Path(os.path.abspath(state_dir))
        self.world = healthy_world()
        self.broken: list[str] = []
        self.authority = Authority()
        # One password for all labs of a process, so that the settings' variable fits each of them.
        self.canary_password = os.environ.setdefault(CANARY_ENV, secrets.token_urlsafe(18))
        self.token = secrets.token_urlsafe(24)
        self.services = Services(
            lambda: self.world, self.authority, self.canary_password, state_dir
        )
        self._dns: list[asyncio.BaseTransport | asyncio.Server] = []
        self._control: Listener | None = None
        self._switching = asyncio.Lock()
        self.dns_port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls, state_dir: Path | str) -> AsyncIterator[Lab]:
        """Everything answers when the block is entered, and is closed when it is left."""
        lab = cls(Path(state_dir))
        try:
            await lab._open()
            yield lab
        finally:
            lab._close()

    async def _open(self) -> None:
        self.state_dir.mkdir(parents=True, exist_ok=True)
        await self._open_dns()
        await self.services.open()
        await self._open_control()
        self._write_files()
        await self._apply()
        load()  # so that the first switch is as quick as the others

    async def _open_dns(self) -> None:
        loop = asyncio.get_running_loop()
        for host, (stream, datagram) in keep_dns_ports().items():
            server = NameServer(host, lambda: self.world)
            self.dns_port = stream.getsockname()[1]
            datagram.setblocking(False)
            transport, _ = await loop.create_datagram_endpoint(
                partial(Datagrams, server), sock=datagram
            )
            tcp = await loop.create_server(partial(Stream, server), sock=stream)
            self._dns += [transport, tcp]

    async def _open_control(self) -> None:
        keeper = socket.create_server(("127.0.0.1", 0))
        handler = control_handler(self, self.token)
        listener = Listener("control", keeper, http_factory(handler), Wire)
        listener.server = await asyncio.get_running_loop().create_server(
            http_factory(handler), sock=keeper
        )
        self._control = listener

    @property
    def control_url(self) -> str:
        assert self._control
        return f"http://127.0.0.1:{self._control.address[1]}"

    @property
    def hosting_path(self) -> Path:
        return self.state_dir / "hosting.yml"

    @property
    def ports(self) -> dict[str, int]:
        """Service → port, with the names of ``network.ports``."""
        ports = dict(self.services.ports)
        return {**ports, "dns": self.dns_port, "webmail": ports["https"]}

    @property
    def environment(self) -> dict[str, str]:
        """What processes that read this lab's hosting.yml need in their environment."""
        return {CANARY_ENV: self.canary_password}

    @property
    def scenarios(self) -> list[Scenario]:
        return list(load().values())

    async def break_(self, name: str) -> None:
        """Add a scenario's faults to what is broken already."""
        scenario = find(name)
        if scenario.name not in self.broken:
            await self._switch([*self.broken, scenario.name])

    async def heal(self, name: str | None = None) -> None:
        """Take back one scenario's faults, or all."""
        if name is None:
            await self._switch([])
        else:
            gone = find(name).name
            await self._switch([kept for kept in self.broken if kept != gone])

    async def _switch(self, broken: list[str]) -> None:
        lists = [find(name).faults for name in broken]
        await self.set_faults([dict(fault) for faults in lists for fault in faults])
        self.broken = broken

    async def set_faults(self, faults: list[dict[str, object]]) -> None:
        """Make exactly these faults the state of the lab (near-misses use this)."""
        world = healthy_world()
        for fault in faults:
            apply_fault(world, fault)
        async with self._switching:
            self.world = world
            self.broken = []
            await self._apply()

    async def _apply(self) -> None:
        await self.services.apply()
        text = files.accounts_text(self.world.accounts)
        files.write_atomically(self.state_dir / "accounts.yml", text)

    def _write_files(self) -> None:
        ca_path = self.state_dir / "ca.pem"
        files.write_atomically(ca_path, self.authority.root_pem.decode())
        public = {k: v for k, v in self.ports.items() if k != "registry"}
        hosting = files.render_hosting(public, self.services.ports["registry"], ca_path)
        files.write_atomically(self.hosting_path, hosting)
        text = files.lab_text(self.control_url, self.token, self.environment)
        files.write_atomically(self.state_dir / "lab.json", text, 0o600)

    def _close(self) -> None:
        for item in self._dns:
            item.close()
        self.services.close()
        if self._control:
            self._control.shut()
