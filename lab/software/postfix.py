"""SMTP by Postfix: 25 for other servers, 587 and 465 for customers."""

from __future__ import annotations

import asyncio
import os
import pwd
import subprocess
from pathlib import Path

from lab.hosts import BRAND, CANARY, HOSTS
from lab.software.daemon import Daemon, DaemonError
from lab.software.unfit import Unfit
from lab.world import World

ADDRESS = HOSTS["mail"]
_MASTER = "/usr/lib/postfix/sbin/master"
"""Run directly: the `postfix` command leaves it to itself, and it would outlive us."""
SERVICES = ("smtp", "submission", "submissions")
_SPAWN = {
    "hung": "/bin/sleep 600",
    "half-open": "/bin/sleep 600",
    "closed": "/bin/true",
    "reset": "/bin/true",
    "garbage": "/bin/echo 0a!#%&",
}
"""A service whose program says nothing, nonsense, or ends at once: Postfix's spawn(8) runs it."""


class Postfix(Daemon):
    """``ports`` needs smtp, submission, submissions, and Dovecot's lmtp and auth."""

    def __init__(self, folder: Path, ports: dict[str, int], pem: Path) -> None:
        self.config = folder / "config"
        super().__init__("postfix", folder, [_MASTER, "-c", str(self.config), "-d"])
        self.ports = ports
        self.pem = pem
        self.checked = False
        self.queue = folder / "queue"
        data = folder / "data"
        for made in (self.queue, data, self.config):
            made.mkdir(exist_ok=True)
        os.chown(data, pwd.getpwnam("postfix").pw_uid, -1)
        folder.chmod(0o755)

    async def apply(self, world: World, pem_changed: bool) -> None:
        new = self.write(self._files(world))
        if not new and not pem_changed and self.running:
            return
        await self.stop()
        if not self.checked:
            await asyncio.to_thread(self._check)
            self.checked = True
        open_ = [s for s in SERVICES if world.wires["mail", s].mode not in ("refused", "dropped")]
        await self.start(up=[(ADDRESS, self.ports[s]) for s in open_])

    def _check(self) -> None:
        """Let Postfix make its queue folders, with the owners it wants."""
        command = ["postfix", "-c", str(self.config), "check"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
        if done.returncode != 0:
            raise DaemonError(f"postfix check: {done.stdout}{done.stderr}")

    def _files(self, world: World) -> dict[Path, str]:
        return {
            self.config / "main.cf": self._main(world),
            self.config / "master.cf": self._master(world),
            self.config / "mailboxes": self._mailboxes(world),
        }

    def _domains(self, world: World) -> list[str]:
        names = [BRAND, *world.accounts["domains"]]
        return [name for name in names if name not in world.mail.unknown_domains]

    def _mailboxes(self, world: World) -> str:
        known = [CANARY] + [f"postmaster@{name}" for name in self._domains(world)]
        for domain, account in world.accounts["domains"].items():
            known += [f"{local}@{domain}" for local in account["mailboxes"]]
        return "".join(f"{address} ok\n" for address in known)

    def _main(self, world: World) -> str:
        rules = world.mail
        if (
            rules.starttls_fails
            or rules.deliver_delay
            or {"smtp", "submission"} & rules.banners.keys()
        ):
            raise Unfit("Postfix has no switch for that")
        recipients = ["permit_sasl_authenticated", "reject_unauth_destination"]
        if rules.greylist:
            recipients.append("check_recipient_access static:{451 4.7.1 Greylisted}")
        if "rcpt" in rules.refuse:
            recipients.insert(1, f"check_recipient_access static:{{{rules.refuse['rcpt']}}}")
        full = "data" in rules.refuse
        # max_use: an smtpd of before would still hold a connection to a Dovecot that is gone.
        return f"""
compatibility_level = 3.6
max_use = 1
queue_directory = {self.queue}
data_directory = {self.folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {self.folder}/postfix.log
maillog_file_prefixes = {self.folder}
myhostname = mail.{BRAND}
mydestination =
mynetworks =
inet_interfaces = all
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {", ".join(self._domains(world))}
virtual_mailbox_maps = texthash:{self.config}/mailboxes
virtual_transport = lmtp:inet:[{ADDRESS}]:{self.ports["lmtp"]}
defer_transports = {"lmtp" if rules.deliver != "ok" else ""}
queue_minfree = {10**15 if full else 0}
smtpd_peername_lookup = no
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_recipient_restrictions = {", ".join(recipients)}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_chain_files = {self.pem}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{ADDRESS}:{self.ports["auth"]}
smtpd_sasl_auth_enable = no
smtpd_error_sleep_time = 0
smtp_dns_support_level = disabled
"""

    def _master(self, world: World) -> str:
        lines = [self._service(world, service) for service in SERVICES]
        return "".join(lines) + _INSIDE

    def _service(self, world: World, service: str) -> str:
        wire = world.wires["mail", service]
        if wire.mode in ("refused", "dropped"):
            return ""
        where = f"{ADDRESS}:{self.ports[service]} inet n - n - -"
        if wire.mode in _SPAWN:
            where = where.replace("n - n", "n n n")  # spawn(8) must be able to change its user
            return f"{where} spawn user=nobody argv={_SPAWN[wire.mode]}\n"
        if wire.mode == "busy":
            return (
                f"{where} smtpd -o smtpd_delay_reject=no\n"
                " -o {smtpd_client_restrictions=check_client_access"
                f" static:{{{_busy(wire.text)}}}}}\n"
            )
        if wire.mode != "ok":
            raise Unfit(f"Postfix cannot be {wire.mode} on the wire")
        return f"{where} smtpd{_options(world, service)}\n"


def _options(world: World, service: str) -> str:
    """What this service has beyond main.cf."""
    rules = world.mail
    key = "smtp" if service == "smtp" else "submission"
    options = ""
    if key == "submission":
        auth = "no" if key in rules.no_auth else "yes"
        options += f" -o smtpd_sasl_auth_enable={auth}"
        options += " -o smtpd_client_restrictions=permit_sasl_authenticated,reject"
    if service == "submissions":
        return options + " -o smtpd_tls_wrappermode=yes"
    if key in rules.starttls_missing:
        options += " -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no"
    if key in rules.plain_login:
        options += " -o smtpd_tls_auth_only=no"
    return options


def _busy(text: str) -> str:
    return text or "421 4.3.2 too many connections, try again later"


_INSIDE = """pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
