"""What the supervisor has to know of a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class HttpReady:
    """Ready once `url` answers 200. Later any answer at all counts as alive."""

    url: str


@dataclass(frozen=True)
class LineReady:
    """Ready once a line with `marker` in it came out of the process."""

    marker: str


@dataclass(frozen=True)
class Patience:
    """Times in seconds. `deaths` within `window` is one too many: the part is given up on."""

    first_delay: float = 0.5
    longest_delay: float = 8.0
    deaths: int = 5
    window: float = 120.0
    start: float = 90.0
    stop: float = 6.0
    probe_every: float = 5.0
    probe_answer: float = 5.0
    probe_misses: int = 3


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Part:
    """One process. `environment` is asked at each start, when the parts in `needs` are ready.

    `vital`: the product cannot go on without it, so giving up on it ends everything.
    """

    name: str
    command: tuple[str, ...]
    ready: HttpReady | LineReady
    needs: tuple[str, ...] = ()
    environment: Callable[[], Mapping[str, str]] = _nothing
    folder: Path | None = None
    vital: bool = False
    patience: Patience = field(default_factory=Patience)
