"""The software lab: the same pretend internet and the same faults, realised by real daemons."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import IO, Any

from lab import files
from lab.faults import apply_fault
from lab.healthy import healthy_world
from lab.hosts import HOSTS, SERVICES
from lab.lab import CANARY_ENV
from lab.listener import Listener, bound_socket
from lab.pki import NAMES, Authority
from lab.ports import keep_ports
from lab.registry import registry_handler
from lab.software import names
from lab.software.daemon import DaemonError
from lab.software.dovecot import Dovecot
from lab.software.files_transfer import PureFtpd, Sshd
from lab.software.postfix import Postfix
from lab.software.unfit import Unfit
from lab.software.web import Nginx, PhpFpm
from lab.web.asgi import http_factory
from lab.world import Certificate, Wire, World

PROGRAMS = (
    "setpriv",
    "dovecot",
    "postfix",
    "nginx",
    "nsd",
    "unbound",
    "pure-ftpd",
    "sshd",
    "ssh-keygen",
)
_LOCK = Path(tempfile.gettempdir()) / "qiq-software-lab.lock"
_PATIENCE_SECONDS = 900.0
_LOOK_SECONDS = 0.5
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def missing_programs() -> list[str]:
    """What has to be installed first; empty when the software lab can run."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=_PATH) is None]
    return missing if php_program() else [*missing, "php-fpm"]


def php_program() -> str:
    """Debian puts the version into the name: php-fpm8.2."""
    found = sorted(Path("/usr/sbin").glob("php-fpm*"))
    return str(found[-1]) if found else ""


class SoftwareLab:
    """Real daemons on loopback. ``async with SoftwareLab.start(folder) as lab``; needs root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority()
        self.world = healthy_world()
        self.canary = os.environ.setdefault(CANARY_ENV, secrets.token_urlsafe(18))
        kept = keep_ports()
        self.ports = {service: sock.getsockname()[1] for (_, service), sock in kept.items()}
        registry = kept.pop(("parent", "registry"))
        for sock in kept.values():
            sock.close()
        self.ports |= {name: free_port(HOSTS["mail"]) for name in ("lmtp", "auth")}
        self.registry = Listener(
            "registry", registry, http_factory(registry_handler(lambda: self.world)), Wire
        )
        self.dropping: dict[tuple[str, str], Listener] = {}
        self.pems: dict[str, str] = {}
        self._make_daemons()

    def _make_daemons(self) -> None:
        self._write_pems(self.world)
        where, ports = self.folder, self.ports
        self.nsds = [names.Nsd(host, where / host) for host in names.AUTHORITIES]
        self.unbound = names.Unbound(where / "unbound")
        self.dovecot = Dovecot(where / "dovecot", ports, self.pem("mail"), self.canary)
        self.postfix = Postfix(where / "postfix", ports, self.pem("mail"))
        self.php = PhpFpm(where / "php", php_program())
        self.nginx = Nginx(where / "nginx", ports, self.pem, self.php.socket)
        self.ftp = PureFtpd(where / "ftp", ports["ftp"], self.pem("brand"))
        self.ssh = Sshd(where / "ssh", ports["ssh"])

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls) -> AsyncIterator[SoftwareLab]:
        """All daemons answer inside the block. Waits while another software lab runs here."""
        async with alone(), cls._running() as lab:
            yield lab

    @classmethod
    @contextlib.asynccontextmanager
    async def _running(cls) -> AsyncIterator[SoftwareLab]:
        folder = short_folder()
        os.environ["PATH"] = f"{os.environ.get('PATH', '')}:{_PATH}"
        lab = cls(folder)
        try:
            await lab.registry.apply()
            lab._write_files()
            await lab._apply(healthy_world())
            yield lab
        finally:
            await lab._close()
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def hosting_path(self) -> Path:
        return self.folder / "hosting.yml"

    def pem(self, identity: str) -> Path:
        return self.folder / "pem" / f"{identity}.pem"

    async def set_faults(self, faults: list[dict[str, Any]]) -> None:
        """Make exactly these faults real. Raises ``Unfit`` when the daemons cannot."""
        world = healthy_world()
        for fault in faults:
            apply_fault(world, fault)
        refuse_unfit(world)
        await self._apply(world)

    async def _apply(self, world: World) -> None:
        self.world = world
        files.write_atomically(self.folder / "accounts.yml", files.accounts_text(world.accounts))
        changed = self._write_pems(world)
        self._stop_dropping()
        await all_or_raise(
            self._apply_names(world),
            self._apply_mail(world, "mail" in changed),
            self._apply_web(world, bool(changed)),
            self.ftp.apply(world, "brand" in changed),
            self.ssh.apply(world),
        )
        await self._drop(world)

    async def _apply_names(self, world: World) -> None:
        changed = [await nsd.apply(world) for nsd in self.nsds]
        await self.unbound.apply(world, any(changed))

    async def _apply_mail(self, world: World, pem_changed: bool) -> None:
        await self.dovecot.apply(world, pem_changed)
        await self.postfix.apply(world, pem_changed)

    async def _apply_web(self, world: World, pem_changed: bool) -> None:
        await self.php.apply()
        await self.nginx.apply(world, pem_changed)

    def _write_pems(self, world: World) -> set[str]:
        """Keys and chains as files; the ids of those that are new."""
        changed = set()
        for identity, on_it in NAMES.items():
            certificate = world.certificates.get(identity, Certificate())
            text = self.authority.chain_pem(certificate, on_it).decode()
            if self.pems.get(identity) != text:
                self.pem(identity).parent.mkdir(exist_ok=True)
                files.write_atomically(self.pem(identity), text, 0o600)
                self.pems[identity] = text
                changed.add(identity)
        return changed

    async def _drop(self, world: World) -> None:
        """No daemon drops packets: a full accept queue in its place does."""
        for (host, service), wire in world.wires.items():
            if wire.mode == "dropped" and host in ("mail", "server1"):
                keeper = bound_socket(HOSTS[host], self.ports[service], shared=True)
                listener = Listener(service, keeper, asyncio.Protocol, lambda w=wire: w)  # type: ignore[misc]
                await listener.apply()
                self.dropping[host, service] = listener

    def _stop_dropping(self) -> None:
        for listener in self.dropping.values():
            listener.shut()
        self.dropping.clear()

    def _write_files(self) -> None:
        ca_path = self.folder / "ca.pem"
        files.write_atomically(ca_path, self.authority.root_pem.decode())
        public = {s: p for s, p in self.ports.items() if s not in ("registry", "lmtp", "auth")}
        public |= {"dns": names.PORT, "webmail": public["https"]}
        text = files.render_hosting(public, self.ports["registry"], ca_path)
        files.write_atomically(self.hosting_path, text)

    async def _close(self) -> None:
        self._stop_dropping()
        daemons = [*self.nsds, self.unbound, self.dovecot, self.postfix, self.php, self.nginx]
        self.registry.shut()
        await all_or_raise(*(one.stop() for one in [*daemons, self.ftp, self.ssh]))


@contextlib.asynccontextmanager
async def alone() -> AsyncIterator[None]:
    """Hold the machine's one software lab: port 53 on its addresses can be had once only."""
    with _LOCK.open("a") as lock:
        ends = time.monotonic() + _PATIENCE_SECONDS
        while not _locked(lock):
            if time.monotonic() > ends:
                raise DaemonError(f"another software lab holds {_LOCK}; end it and try again")
            await asyncio.sleep(_LOOK_SECONDS)
        yield


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def all_or_raise(*work: Coroutine[Any, Any, None]) -> None:
    """Run all to their end, whatever one of them meets; then raise the first error."""
    for outcome in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def short_folder() -> Path:
    """A folder that all users may enter; short, because names of Unix sockets must be."""
    folder = Path(tempfile.mkdtemp(prefix="qiq-lab-"))
    folder.chmod(0o755)
    return folder


def free_port(address: str) -> int:
    with bound_socket(address, 0, shared=False) as sock:
        return int(sock.getsockname()[1])


def refuse_unfit(world: World) -> None:
    """Faults of machines that have no daemon here, and of the wire that no daemon has."""
    if world.old_tls:
        raise Unfit("retired encryption is compiled out of some of the daemons")
    strangers = set(SERVICES) - {"server1", "mail", "parent"}
    healthy = healthy_world().wires
    for (host, service), wire in world.wires.items():
        if wire != healthy[host, service] and host in strangers:
            raise Unfit(f"{host} {service} has no daemon here")
