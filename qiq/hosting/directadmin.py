"""DirectAdmin's ``CMD_API`` commands with ``json=yes`` (docs.directadmin.com), by a login key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from qiq.hosting.kept import Owners
from qiq.hosting.model import Block, DomainFacts, HostingError, MailboxFacts, Usage
from qiq.hosting.names import a_label
from qiq.hosting.panel_http import MEGABYTE, PanelHttp, number, server_at, yes
from qiq.settings import Settings
from qiq.settings.hosting import DirectAdminAdapter


class DirectAdminHosting:
    """``Hosting`` over DirectAdmin. The key needs the commands named below, reading only."""

    def __init__(self, chosen: DirectAdminAdapter, settings: Settings) -> None:
        self._chosen, self._settings = chosen, settings
        self._owners = Owners(self._read_owners)

    async def domain(self, name: str) -> DomainFacts | None:
        user = await self._owners.of(name)
        if not user:
            return None
        config, usage = await asyncio.gather(
            self._call("CMD_API_SHOW_USER_CONFIG", user=user),
            self._call("CMD_API_SHOW_USER_USAGE", user=user),
        )
        return _facts(name, config, usage, server_at(self._settings, config.get("ip")))

    async def domains(self) -> frozenset[str]:
        return frozenset(await self._owners.all())

    async def mailbox(self, address: str) -> MailboxFacts | None:
        """``CMD_API_POP`` runs as the user ("login-as": ``admin|user``)."""
        local, _, domain = address.rpartition("@")
        user = await self._owners.of(domain)
        if not user:
            return None
        answer = await self._call("CMD_API_POP", user, action="full_list", domain=domain)
        boxes = answer.get("emails", answer)
        entries = boxes.values() if isinstance(boxes, dict) else boxes
        for box in entries if isinstance(entries, list) or isinstance(boxes, dict) else ():
            if isinstance(box, dict) and _name(box) in (local, address):
                return _mailbox(address, box)
        return None

    async def block(self, address: str) -> Block | None:
        """The brute force monitor's black list."""
        answer = await self._call("CMD_API_BRUTE_FORCE_MONITOR", action="blacklist")
        listed = answer.get("list") or answer.get("blacklist") or []
        entries = listed.values() if isinstance(listed, dict) else listed
        for entry in entries:
            ip = entry.get("ip") if isinstance(entry, dict) else entry
            if str(ip) == address:
                reason = str(entry.get("reason", "")) if isinstance(entry, dict) else ""
                return Block(address, self._settings.servers[0].id, reason)
        return None

    async def service_up(self, server: str, service: str) -> bool | None:
        try:
            answer = await self._call("CMD_API_SHOW_SERVICES")
        except HostingError:
            return None
        aliases = {"mysql": ("mysqld", "mysql", "mariadb")}
        for name in aliases.get(service, (service,)):
            if name in answer:
                return yes(answer[name]) or str(answer[name]).lower() in ("running", "started")
        return None

    async def _read_owners(self) -> dict[str, str]:
        """``CMD_API_DOMAIN_OWNERS``."""
        answer = await self._call("CMD_API_DOMAIN_OWNERS")
        return {a_label(str(d)): str(user) for d, user in answer.items() if "." in str(d)}

    async def _call(self, command: str, login_as: str = "", **params: str) -> dict[str, Any]:
        answer = await self._http(login_as).json(f"/{command}", {"json": "yes", **params})
        if not isinstance(answer, dict):
            return {"list": answer} if isinstance(answer, list) else {}
        if yes(answer.get("error")):
            raise HostingError(f"{command}: {str(answer.get('text', 'refused'))[:200]}")
        return answer

    def _http(self, login_as: str) -> PanelHttp:
        key = self._settings.secret(self._chosen.token_env)
        name = f"{self._chosen.user}|{login_as}" if login_as else self._chosen.user
        return PanelHttp(
            self._chosen.url, auth=(name, key), roots=self._settings.network.trust_roots
        )


def _facts(
    name: str, config: Mapping[str, Any], usage: Mapping[str, Any], server: str | None
) -> DomainFacts:
    reason = str(config.get("suspended_reason") or "") or "no reason was noted"
    return DomainFacts(
        domain=name, server=server, mail_server=server,
        suspended=reason if yes(config.get("suspended")) else None,
        disk=Usage(number(usage.get("quota")), number(config.get("quota"))),
        inodes=Usage(number(usage.get("inode")), number(config.get("inode"))),
        bandwidth=Usage(number(usage.get("bandwidth")), number(config.get("bandwidth"))),
        contact_email=str(config.get("email") or "") or None,
    )  # fmt: skip


def _name(box: Mapping[str, Any]) -> str:
    return str(box.get("account") or box.get("login") or "").lower()


def _mailbox(address: str, box: Mapping[str, Any]) -> MailboxFacts:
    usage = box.get("usage") if isinstance(box.get("usage"), dict) else box
    sent = box.get("sent") if isinstance(box.get("sent"), dict) else {}
    assert isinstance(usage, dict)
    assert isinstance(sent, dict)
    return MailboxFacts(
        address,
        Usage(
            number(usage.get("usage_bytes")) // MEGABYTE or number(usage.get("usage")),
            number(usage.get("quota_bytes")) // MEGABYTE or number(usage.get("quota")),
        ),
        "switched off in the control panel" if yes(box.get("suspended")) else None,
        sent_last_hour=number(sent.get("sent")),
        sending_limit=number(sent.get("send_limit")),
    )
