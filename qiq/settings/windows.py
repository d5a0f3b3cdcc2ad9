"""Limits as sliding windows of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qiq.settings.limits import Limits
from qiq.settings.model import Settings

HOUR, MINUTE = 3600.0, 60.0


@dataclass(frozen=True)
class Window:
    """At most ``most`` events of ``subject`` (a visitor, a domain, everybody) within ``seconds``.
    ``limit`` is the key of the settings it comes from."""

    limit: str
    subject: str
    most: int
    seconds: float


@dataclass(frozen=True)
class Full:
    """``window`` is used up; ``seconds`` until there is room again."""

    window: Window
    seconds: float


class Uncounted(Exception):
    """What several processes count together cannot be reached: nothing was counted."""


Together = Callable[[Sequence[Window]], Full | None]
"""Counts one event of each window for all processes at once, or says which one is full (nothing is
counted then). Raises ``Uncounted``."""


def windows(settings: Settings, visitor: str, domain: str) -> list[Window]:
    """What one check has to fit into; without a visitor id only domain and all are limited."""
    limits = settings.limits
    found = [
        _hourly("checks_per_domain_per_hour", f"checks of domain {domain}", limits),
        Window("checks_per_minute", "checks in all", limits.checks_per_minute, MINUTE),
    ]
    if visitor:
        subject = f"checks of visitor {visitor}"
        found.insert(0, _hourly("checks_per_visitor_per_hour", subject, limits))
    return found


def _hourly(limit: str, subject: str, limits: Limits) -> Window:
    return Window(limit, subject, getattr(limits, limit), HOUR)
