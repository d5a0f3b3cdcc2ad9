"""FTP by Pure-FTPd and SFTP by OpenSSH: as far as they can be seen without an account."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.hosts import HOSTS
from lab.software.daemon import Daemon
from lab.software.unfit import Unfit
from lab.world import World

ADDRESS = HOSTS["server1"]


class PureFtpd(Daemon):
    def __init__(self, folder: Path, port: int, pem: Path) -> None:
        super().__init__("pure-ftpd", folder, [])
        self.port = port
        self.pem = pem
        self.state: tuple[str, str] | None = None

    async def apply(self, world: World, pem_changed: bool) -> None:
        mode, trouble = world.wires["server1", "ftp"].mode, str(world.ftp.get("trouble", ""))
        if mode not in ("ok", "refused", "dropped", "hung", "half-open"):
            raise Unfit(f"Pure-FTPd cannot be {mode}")
        if trouble == "tls-fails":
            raise Unfit("Pure-FTPd has no switch for that")
        if self.state == (mode, trouble) and not pem_changed:
            return
        await self.stop()
        self.state = (mode, trouble)
        if mode in ("refused", "dropped"):
            return
        tls = "0" if trouble == "no-tls" else "1"
        self.command = ["pure-ftpd", "-S", f"{ADDRESS},{self.port}", "-Y", tls, "-2", str(self.pem)]
        self.command += ["-H", "-4", "-g", str(self.folder / "pid"), "-E"]
        await self.start(up=[(ADDRESS, self.port)])
        if mode in ("hung", "half-open"):
            self.freeze()


class Sshd(Daemon):
    def __init__(self, folder: Path, port: int) -> None:
        key = folder / "host_key"
        config = folder / "sshd_config"
        command = ["/usr/sbin/sshd", "-D", "-e", "-f", str(config)]
        super().__init__("sshd", folder, command)
        self.port = port
        if not key.exists():
            make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
            subprocess.run(make, check=True, timeout=20, stdin=subprocess.DEVNULL)  # noqa: S603
        Path("/run/sshd").mkdir(exist_ok=True)  # its privilege separation folder, fixed at build
        config.write_text(
            f"ListenAddress {ADDRESS}:{port}\nHostKey {key}\nPidFile {folder}/pid\n"
            "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\n"
        )

    async def apply(self, world: World) -> None:
        mode = world.wires["server1", "ssh"].mode
        if mode not in ("ok", "refused", "dropped", "hung", "half-open"):
            raise Unfit(f"sshd cannot be {mode}")
        if mode in ("refused", "dropped"):
            await self.stop()
            return
        if self.frozen or not self.running:
            await self.stop()
            await self.start(up=[(ADDRESS, self.port)])
        if mode in ("hung", "half-open"):
            self.freeze()
