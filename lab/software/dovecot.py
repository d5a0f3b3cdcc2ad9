"""IMAP, POP3, and delivery and passwords for Postfix, by Dovecot."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from lab.hosts import CANARY, HOSTS, MAILBOX_PASSWORD
from lab.software.daemon import Daemon, comm, family
from lab.software.unfit import Unfit
from lab.world import World

ADDRESS = HOSTS["mail"]
LOGIN_PROCESS = {"imap": "imap-login", "pop3": "pop3-login"}
_OWNER = 65534
"""nobody: owns the maildirs."""


class Dovecot(Daemon):
    """``ports`` needs imap, imaps, pop3, pop3s, lmtp and auth."""

    def __init__(self, folder: Path, ports: dict[str, int], pem: Path, canary: str) -> None:
        command = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        super().__init__("dovecot", folder, command)
        self.ports = ports
        self.pem = pem
        self.canary = canary
        self.stamp = 0
        mail = folder / "mail"
        mail.mkdir(exist_ok=True)
        os.chown(mail, _OWNER, _OWNER)
        folder.chmod(0o755)

    async def apply(self, world: World, pem_changed: bool) -> None:
        frozen = self._frozen_kinds(world)
        new = self.write(self._files(world))
        if new or pem_changed or self.frozen or not self.running:
            await self.stop()
            up = [(ADDRESS, self.ports[s]) for s in ("lmtp", "auth", *self._open_services(world))]
            await self.start(up=up)
        for kind in frozen:
            await self._freeze_login(LOGIN_PROCESS[kind])

    async def _freeze_login(self, name: str) -> None:
        """Freeze the processes that greet: the kernel takes calls then, and nobody else."""

        def members() -> list[int]:
            return [p for p in family(self.process.pid) if comm(p) == name] if self.process else []

        await self.until(lambda: bool(members()), f"has no {name}")
        for pid in members():
            os.kill(pid, signal.SIGSTOP)
            self.frozen.append(pid)

    def _frozen_kinds(self, world: World) -> list[str]:
        kinds = []
        for kind in LOGIN_PROCESS:
            modes = {world.wires["mail", service].mode for service in (kind, f"{kind}s")}
            if modes & {"hung", "half-open"}:
                kinds.append(kind)
            elif modes - {"ok", "refused", "dropped"}:
                raise Unfit(f"Dovecot cannot be {modes} on the wire")
        return kinds

    def _open_services(self, world: World) -> list[str]:
        names = ("imap", "imaps", "pop3", "pop3s")
        return [s for s in names if world.wires["mail", s].mode not in ("refused", "dropped")]

    def _files(self, world: World) -> dict[Path, str]:
        rules = world.mail
        unfit = rules.starttls_missing & {"imap", "pop3"} or rules.starttls_fails & {"imap", "pop3"}
        if unfit or rules.broken_select or rules.plain_login & {"imap", "pop3"}:
            raise Unfit("Dovecot has no switch for that")
        if rules.no_auth & {"imap", "pop3"} or {"imap", "pop3"} & rules.banners.keys():
            raise Unfit("Dovecot has no switch for that")
        texts = {self.folder / "dovecot.conf": self._config(world)}
        trouble = set(rules.login.values())
        if trouble - {"rejected", "unavailable"} or len(trouble) > 1:
            raise Unfit("Dovecot cannot hang at login")
        if trouble != {"unavailable"}:
            texts[self.folder / "passwords"] = self._passwords(world, good=not trouble)
        return texts

    def _passwords(self, world: World, good: bool) -> str:
        secrets = {CANARY: self.canary}
        for domain, account in world.accounts["domains"].items():
            for local, facts in account["mailboxes"].items():
                if not facts["suspended"] and not account["suspended"]:
                    secrets[f"{local}@{domain}"] = MAILBOX_PASSWORD
        lines = [f"{who}:{{PLAIN}}{word if good else 'changed'}" for who, word in secrets.items()]
        return "\n".join(lines) + "\n"

    def _listener(self, world: World, service: str) -> str:
        closed = world.wires["mail", service].mode in ("refused", "dropped")
        port = 0 if closed else self.ports[service]
        secure = "ssl = yes" if service.endswith("s") else "ssl = no"
        return f"inet_listener {service} {{\n address = {ADDRESS}\n port = {port}\n {secure}\n }}"

    def _login_service(self, world: World, kind: str) -> str:
        return (
            f"service {kind}-login {{\n service_count = 0\n process_min_avail = 1\n"
            f" process_limit = 1\n chroot =\n user = nobody\n"
            f" {self._listener(world, kind)}\n {self._listener(world, kind + 's')}\n}}\n"
        )

    def _config(self, world: World) -> str:
        return f"""
protocols = imap pop3 lmtp
base_dir = {self.folder}/run
log_path = {self.folder}/dovecot.log
listen = {ADDRESS}
ssl = yes
ssl_cert = <{self.pem}
ssl_key = <{self.pem}
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
login_trusted_networks =
mail_location = maildir:{self.folder}/mail/%d/%n
mail_uid = {_OWNER}
mail_gid = {_OWNER}
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
mail_max_userip_connections = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {self.folder}/passwords
}}
userdb {{
  driver = static
  args = uid={_OWNER} gid={_OWNER} home={self.folder}/mail/%d/%n allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = {ADDRESS}
    port = {self.ports["lmtp"]}
  }}
}}
service auth {{
  inet_listener auth-client {{
    address = {ADDRESS}
    port = {self.ports["auth"]}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@qiq.example
}}
{self._login_service(world, "imap")}{self._login_service(world, "pop3")}"""
