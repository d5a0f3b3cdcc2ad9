"""Services that stand in front of websites, by their published ranges (``knowledge/cdn.yml``)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[2] / "knowledge" / "cdn.yml"


@lru_cache(maxsize=1)
def _ranges() -> tuple[tuple[str, ipaddress.IPv4Network], ...]:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    return tuple((name, ipaddress.IPv4Network(net)) for name, nets in data.items() for net in nets)


def name_of(addresses: Sequence[str]) -> str | None:
    """The service all ``addresses`` belong to; None when there are none or they differ."""
    names = {_name(address) for address in addresses}
    return names.pop() if len(names) == 1 else None


def _name(address: str) -> str | None:
    try:
        ip = ipaddress.IPv4Address(address)
    except ValueError:
        return None
    return next((name for name, net in _ranges() if ip in net), None)
