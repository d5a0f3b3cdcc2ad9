"""The embedded default: accounts in a YAML file, read anew when it changes (docs/accounts.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from qiq.hosting.model import Block, DomainFacts, HostingError, MailboxFacts, Usage
from qiq.hosting.names import a_label, a_label_address


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Megabytes(_Entry):
    used_mb: int = 0
    quota_mb: int = 0

    def usage(self) -> Usage:
        return Usage(self.used_mb, self.quota_mb)


class _Count(_Entry):
    used: int = 0
    quota: int = 0

    def usage(self) -> Usage:
        return Usage(self.used, self.quota)


Name = Annotated[str, AfterValidator(a_label)]
Email = Annotated[str, AfterValidator(a_label_address)]


class _Mailbox(_Megabytes):
    address: Email
    suspended: str | None = None
    sent_last_hour: int = 0
    sending_limit: int = 0
    failed_logins: int = 0
    failed_from: str | None = None


class _Account(_Entry):
    domain: Name
    aliases: tuple[Name, ...] = ()
    server: str | None = None
    mail_server: str | None = None
    mail_routing: Literal["local", "remote"] = "local"
    contact_email: str | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    suspended: str | None = None
    disk: _Megabytes | None = None
    inodes: _Count | None = None
    bandwidth: _Megabytes | None = None
    resource_limits: dict[str, int] = Field(default_factory=dict)
    last_php_error: str | None = None
    mailboxes: tuple[_Mailbox, ...] = ()


class _Block(_Entry):
    address: str
    server: str = ""
    reason: str = ""


class _File(_Entry):
    version: Literal[1]
    accounts: tuple[_Account, ...]
    blocks: tuple[_Block, ...] = ()
    services: dict[str, dict[str, Literal["up", "down"]]] = Field(default_factory=dict)


class FileHosting:
    """``Hosting`` over one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._data = _File(version=1, accounts=())
        self._domains: Mapping[str, _Account] = {}

    async def domain(self, name: str) -> DomainFacts | None:
        await self._fresh()
        account = self._domains.get(name)
        return _facts(account, name) if account else None

    async def domains(self) -> frozenset[str]:
        await self._fresh()
        return frozenset(self._domains)

    async def mailbox(self, address: str) -> MailboxFacts | None:
        await self._fresh()
        account = self._domains.get(address.rpartition("@")[2].lower())
        for box in account.mailboxes if account else ():
            if box.address == address.lower():
                return MailboxFacts(
                    box.address, box.usage(), box.suspended, box.sent_last_hour,
                    box.sending_limit, box.failed_logins, box.failed_from,
                )  # fmt: skip
        return None

    async def block(self, address: str) -> Block | None:
        await self._fresh()
        for block in self._data.blocks:
            if block.address == address:
                return Block(block.address, block.server, block.reason)
        return None

    async def service_up(self, server: str, service: str) -> bool | None:
        await self._fresh()
        state = self._data.services.get(server, {}).get(service)
        return None if state is None else state == "up"

    async def _fresh(self) -> None:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                text = await asyncio.to_thread(self._path.read_text, "utf-8")
                self._load(text)
                self._stamp = stamp
        except OSError as error:
            raise HostingError(f"{self._path}: cannot be read: {error}") from error

    def _load(self, text: str) -> None:
        try:
            self._data = _File.model_validate(yaml.safe_load(text))
        except yaml.YAMLError as error:
            raise HostingError(f"{self._path}: is not YAML: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise HostingError(
                f"{self._path}: {where}: {first['msg']}; see docs/accounts.md"
            ) from error
        self._domains = {
            name: account
            for account in self._data.accounts
            for name in (account.domain, *account.aliases)
        }


def _facts(account: _Account, name: str) -> DomainFacts:
    return DomainFacts(
        domain=name, server=account.server, mail_server=account.mail_server or account.server,
        mail_routing=account.mail_routing, suspended=account.suspended,
        disk=account.disk.usage() if account.disk else None,
        inodes=account.inodes.usage() if account.inodes else None,
        bandwidth=account.bandwidth.usage() if account.bandwidth else None,
        resource_limits=dict(account.resource_limits), last_php_error=account.last_php_error,
        contact_email=account.contact_email,
        country=account.country,
    )  # fmt: skip
