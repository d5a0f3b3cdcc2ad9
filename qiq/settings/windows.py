"""The limits on checks as sliding windows of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qiq.settings.model import Settings

HOUR, MINUTE = 3600.0, 60.0


@dataclass(frozen=True)
class Window:
    """At most ``most`` checks within ``seconds``: of one visitor, of one domain, or in all (empty
    ``key``). ``limit`` is the key of the settings it comes from."""

    limit: str
    kind: Literal["visitor", "domain", "all"]
    key: str
    most: int
    seconds: float


@dataclass(frozen=True)
class Full:
    """``window`` is used up; ``seconds`` until there is room again."""

    window: Window
    seconds: float


def windows(settings: Settings, visitor: str, domain: str) -> list[Window]:
    """What one check has to fit into; without a visitor id only domain and all are limited."""
    limits = settings.limits
    found = [
        Window(
            "checks_per_domain_per_hour", "domain", domain, limits.checks_per_domain_per_hour, HOUR
        ),
        Window("checks_per_minute", "all", "", limits.checks_per_minute, MINUTE),
    ]
    if visitor:
        most = limits.checks_per_visitor_per_hour
        found.insert(0, Window("checks_per_visitor_per_hour", "visitor", visitor, most, HOUR))
    return found
