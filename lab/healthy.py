"""The pretend internet with nothing wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lab.dns.data import healthy_zones
from lab.hosts import BRAND, HOSTED, SERVICES
from lab.world import Site, Wire, World


def healthy_world() -> World:
    zones, serving = healthy_zones()
    return World(
        zones=zones,
        serving=serving,
        name_servers={},
        wires={(h, service): Wire() for h, services in SERVICES.items() for service in services},
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
    """The file adapter's ``accounts.yml`` (docs/lab.md shows its keys)."""
    domains = {}
    for number, hosted in enumerate(HOSTED):
        boxes = {
            name: {
                "used_mb": 120 + 40 * number,
                "limit_mb": 2000,
                "suspended": False,
                "failed_logins": 0,
            }
            for name in hosted.mailboxes
        }
        domains[hosted.name] = {
            "server": "server1",
            "contact": f"owner{number + 1}@mailgiant.example",
            "suspended": False,
            "suspended_reason": None,
            "mail_routing": "local",
            "disk": {"used_mb": 900, "limit_mb": 10000},
            "inodes": {"used": 42000, "limit": 250000},
            "sending": {"sent_last_hour": 6, "limit_per_hour": 300},
            "resources": {"limit_reached": None},
            "last_php_error": None,
            "mailboxes": boxes,
        }
    return {"version": 1, "domains": domains, "blocks": []}


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
