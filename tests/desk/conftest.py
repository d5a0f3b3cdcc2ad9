"""A desk in a file of its own, with a clock the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qiq.desk import Desk
from tests.desk.blank import blank


class Clock:
    """Monday 10:00 in London, until the test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        # Every look is a little later, as with a real clock.
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def pass_(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return blank(tmp_path / "desk.db")


@pytest.fixture
def desk(url: str, clock: Clock) -> Iterator[Desk]:
    made = Desk(url, now=clock, busy_seconds=0.3)
    yield made
    made.dispose()
