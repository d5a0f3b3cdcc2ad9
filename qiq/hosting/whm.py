"""cPanel & WHM: WHM API 1, and UAPI through ``uapi_cpanel``. Documented at api.docs.cpanel.net."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from qiq.hosting.kept import Owners
from qiq.hosting.model import Block, DomainFacts, HostingError, MailboxFacts, Usage
from qiq.hosting.names import a_label
from qiq.hosting.panel_http import MEGABYTE, PanelHttp, number, server_at, yes
from qiq.settings import Settings
from qiq.settings.hosting import WhmAdapter


class WhmHosting:
    """``Hosting`` over WHM. Its token needs: list-accts, cphulk reading, and cPanel API access."""

    def __init__(self, chosen: WhmAdapter, settings: Settings) -> None:
        self._chosen, self._settings = chosen, settings
        self._owners = Owners(self._read_owners)

    async def domain(self, name: str) -> DomainFacts | None:
        user = await self._owners.of(name)
        if not user:
            return None
        summary, bandwidth, routing, log = await asyncio.gather(
            self._call("accountsummary", user=user),
            self._optional("showbw", searchtype="user", search=f"^{user}$"),
            self._uapi(user, "Email", "list_mxs", domain=name),
            self._uapi(user, "Stats", "get_site_errors", domain=name, maxlines="1", log="error"),
        )
        accounts = summary.get("acct") or []
        if not accounts:
            return None
        return _facts(
            name,
            accounts[0],
            bandwidth,
            routing,
            log,
            server_at(self._settings, accounts[0].get("ip")),
        )

    async def domains(self) -> frozenset[str]:
        return frozenset(await self._owners.all())

    async def mailbox(self, address: str) -> MailboxFacts | None:
        local, _, domain = address.rpartition("@")
        user = await self._owners.of(domain)
        if not user:
            return None
        boxes, failures = await asyncio.gather(
            self._uapi(user, "Email", "list_pops_with_disk", email=local, domain=domain,
                       get_restrictions="1", required=True),
            self._optional("get_cphulk_failed_logins"),
        )  # fmt: skip
        box = next((b for b in boxes or [] if str(b.get("email")).lower() == address), None)
        return _mailbox(address, box, failures) if box else None

    async def block(self, address: str) -> Block | None:
        """cPHulk's two lists: blocked for a while, and blocked for two weeks."""
        for function, key in (
            ("get_cphulk_brutes", "brutes"),
            ("get_cphulk_excessive_brutes", "excessive_brutes"),
        ):
            found = (await self._call(function)).get(key) or []
            hit = next((entry for entry in found if str(entry.get("ip")) == address), None)
            if hit:
                return Block(address, self._settings.servers[0].id, str(hit.get("notes") or ""))
        return None

    async def service_up(self, server: str, service: str) -> bool | None:
        data = await self._optional("servicestatus", service=service)
        found = next((s for s in data.get("service") or [] if s.get("name") == service), None)
        return yes(found.get("running")) if found and yes(found.get("installed", 1)) else None

    async def _read_owners(self) -> dict[str, str]:
        data = await self._call("get_domain_info")
        return {
            a_label(str(entry["domain"])): str(entry["user"])
            for entry in data.get("domains") or []
            if entry.get("domain") and "*" not in str(entry["domain"])
        }

    async def _call(self, function: str, **params: str) -> dict[str, Any]:
        """``data`` of a WHM API 1 answer; its own "no" is an error like any other."""
        answer = await self._http().json(f"/json-api/{function}", {"api.version": "1", **params})
        metadata = answer.get("metadata") if isinstance(answer, dict) else None
        if not isinstance(metadata, dict) or not yes(metadata.get("result")):
            reason = str((metadata or {}).get("reason", "no metadata"))[:200]
            raise HostingError(f"{function}: {reason}")
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    async def _optional(self, function: str, **params: str) -> dict[str, Any]:
        """For facts that a token may not be allowed to read."""
        try:
            return await self._call(function, **params)
        except HostingError:
            return {}

    async def _uapi(
        self, user: str, module: str, function: str, *, required: bool = False, **params: str
    ) -> list[dict[str, Any]] | None:
        """``data`` of a UAPI answer; None when it failed and is not ``required``."""
        try:
            data = await self._call(
                "uapi_cpanel",
                **{"cpanel.user": user, "cpanel.module": module, "cpanel.function": function},
                **params,
            )
            answer = data.get("uapi") or {}
            if not yes(answer.get("status")):
                raise HostingError(f"{module}::{function}: {str(answer.get('errors'))[:200]}")
            found = answer.get("data")
            return found if isinstance(found, list) else []
        except HostingError:
            if required:
                raise
            return None

    def _http(self) -> PanelHttp:
        token = self._settings.secret(self._chosen.token_env)
        headers = {"Authorization": f"whm {self._chosen.user}:{token}"}
        return PanelHttp(
            self._chosen.url, headers=headers, roots=self._settings.network.trust_roots
        )


def _facts(
    name: str,
    account: Mapping[str, Any],
    bandwidth: Mapping[str, Any],
    routing: list[dict[str, Any]] | None,
    log: list[dict[str, Any]] | None,
    server: str | None,
) -> DomainFacts:
    used: dict[str, Any] = next(iter(bandwidth.get("acct") or []), {})
    mx = next((entry for entry in routing or [] if entry.get("domain", name) == name), {})
    reason = str(account.get("suspendreason") or "") or "no reason was noted"
    return DomainFacts(
        domain=name,
        server=server,
        mail_server=server,
        mail_routing="remote" if str(mx.get("mxcheck")) == "remote" else "local",
        suspended=reason if yes(account.get("suspended")) else None,
        disk=Usage(number(account.get("diskused")), number(account.get("disklimit"))),
        inodes=Usage(number(account.get("inodesused")), number(account.get("inodeslimit"))),
        bandwidth=Usage(
            number(used.get("totalbytes")) // MEGABYTE, number(used.get("limit")) // MEGABYTE
        )
        if used
        else None,
        last_php_error=str(log[-1].get("entry"))[:300] if log else None,
        contact_email=str(account.get("email") or "") or None,
    )


def _mailbox(address: str, box: Mapping[str, Any], failures: Mapping[str, Any]) -> MailboxFacts:
    failed = [
        entry for entry in failures.get("failed_logins") or [] if entry.get("user") == address
    ]
    closed = yes(box.get("suspended_login")) or yes(box.get("suspended_incoming"))
    return MailboxFacts(
        address,
        Usage(number(box.get("_diskused")) // MEGABYTE, number(box.get("_diskquota")) // MEGABYTE),
        "switched off in the control panel" if closed else None,
        failed_logins=len(failed),
        failed_from=str(failed[-1].get("ip")) if failed else None,
    )
