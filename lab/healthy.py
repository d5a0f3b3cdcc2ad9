"""The pretend internet with nothing wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lab.dns.data import healthy_zones
from lab.hosts import BRAND, HOSTED, IPV6_HOST, SERVICES
from lab.world import Site, Wire, World


def healthy_world() -> World:
    zones, serving = healthy_zones()
    return World(
        zones=zones,
        serving=serving,
        name_servers={},
        wires={
            (h, service): Wire("refused" if h == IPV6_HOST else "ok")
            for h, services in SERVICES.items()
            for service in services
        },
        certificates={},
        sites=_sites(),
        accounts=_accounts(),
        registrations=_registrations(),
        feed=_feed(),
    )


def _sites() -> dict[str, Site]:
    sites = {hosted.name: Site(hosted.site) for hosted in HOSTED}
    sites[BRAND] = Site("static")
    sites[f"panel.{BRAND}"] = Site("panel")
    sites[f"webmail.{BRAND}"] = Site("webmail")
    sites["otherhost.example"] = Site("static")
    sites["*"] = Site("server")
    return sites


def _accounts() -> dict[str, Any]:
    """What the host knows of its customers; ``lab.files.accounts_text`` writes it down."""
    domains = {
        hosted.name: {
            "server": "server1",
            "mail_server": "mail",
            "mail_routing": "local",
            "contact_email": f"owner{number}@mailgiant.example",
            "suspended": None,
            "disk": {"used_mb": 900 + 50 * number, "quota_mb": 10000},
            "inodes": {"used": 42000, "quota": 250000},
            "bandwidth": {"used_mb": 4000, "quota_mb": 100000},
            "resource_limits": {},
            "last_php_error": None,
            "mailboxes": {name: _mailbox(number) for name in hosted.mailboxes},
        }
        for number, hosted in enumerate(HOSTED, 1)
    }
    services = {"server1": {"mysql": "up", "php": "up"}}
    return {"domains": domains, "blocks": [], "services": services}


def _mailbox(number: int) -> dict[str, Any]:
    return {
        "used_mb": 120 + 40 * number,
        "quota_mb": 2000,
        "suspended": None,
        "sent_last_hour": 6,
        "sending_limit": 300,
        "failed_logins": 0,
        "failed_from": None,
    }


def _registrations() -> dict[str, dict[str, Any]]:
    in_a_year = (datetime.now(UTC) + timedelta(days=300)).strftime("%Y-%m-%dT00:00:00Z")
    names = [hosted.name for hosted in HOSTED] + [BRAND, "mailgiant.example", "otherhost.example"]
    return {
        name: {
            "status": ["client transfer prohibited"],
            "expires": in_a_year,
            "nameservers": [f"ns1.{BRAND}", f"ns2.{BRAND}"],
        }
        for name in names
    }


def _feed() -> dict[str, Any]:
    return {
        "page": {"id": "lab", "name": "QiQ status", "url": f"https://status.{BRAND}"},
        "status": {"indicator": "none", "description": "All Systems Operational"},
        "components": [
            {"id": name, "name": name, "status": "operational"}
            for name in ("Web", "Mail", "DNS", "Control panel")
        ],
        "incidents": [],
        "scheduled_maintenances": [],
    }
