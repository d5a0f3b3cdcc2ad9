"""How often may be checked: per visitor, per domain and in all, over all processes together."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from qiq.desk import Desk
from qiq.desk.counting import together
from qiq.diagnosis.budget import Budget, Exceeded
from qiq.settings.windows import Together, Window
from tests.checks.build import settings
from tests.desk import postgres
from tests.desk.blank import blank
from tests.desk.conftest import Clock

ANNA, BO = "v_änna", "v_bo"
ELSEWHERE = """
import sys
from qiq.desk import Desk
from qiq.desk.counting import together
from qiq.diagnosis.budget import Budget
from tests.checks.build import settings
desk = Desk(sys.argv[2])
for _ in range(int(sys.argv[1])):
    budget = Budget(settings(limits={"checks_per_domain_per_hour": 6}))
    print(budget.spend("v_%d", "example.com", together(lambda: desk)))
"""


def budget(visitor: int = 100, domain: int = 100, minute: int = 100) -> Budget:
    made = settings()
    limits = {
        "checks_per_visitor_per_hour": visitor, "checks_per_domain_per_hour": domain,
        "checks_per_minute": minute,
    }  # fmt: skip
    return Budget(made.model_copy(update={"limits": made.limits.model_copy(update=limits)}))


@pytest.fixture
def shared(tmp_path: Path) -> str:
    return blank(tmp_path / "desk.db")


@pytest.fixture(params=["alone", "shared"])
def place(request: pytest.FixtureRequest, shared: str) -> Iterator[Together | None]:
    if request.param == "alone":
        yield None
        return
    desk = Desk(shared)
    yield together(lambda: desk)
    desk.dispose()


def test_each_limit_stops_what_it_is_for_and_nothing_else(place: Together | None) -> None:
    by_visitor = budget(visitor=2)
    found = [by_visitor.spend(ANNA, f"example.{end}", place) for end in ("com", "org", "net")]
    assert found == [None, None, Exceeded("checks_per_visitor_per_hour", 60)]
    assert by_visitor.spend(BO, "example.com", place) is None
    assert by_visitor.spend("", "example.com", place) is None


def test_a_domain_is_protected_from_many_visitors(place: Together | None) -> None:
    by_domain = budget(domain=2)
    found = [by_domain.spend(who, "example.com", place) for who in (ANNA, BO, "v_third")]
    assert found == [None, None, Exceeded("checks_per_domain_per_hour", 60)]
    assert by_domain.spend("v_third", "example.org", place) is None


def test_everybody_together_is_limited_a_minute(place: Together | None) -> None:
    in_all = budget(minute=2)
    found = [in_all.spend(f"v_{n}", f"d{n}.example", place) for n in range(3)]
    assert found == [None, None, Exceeded("checks_per_minute", 1)]


def test_what_was_refused_is_not_counted(place: Together | None) -> None:
    tight = budget(visitor=1)
    assert tight.spend(ANNA, "example.com", place) is None
    for _ in range(5):
        assert tight.spend(ANNA, "example.org", place) is not None
    assert budget(domain=1).spend(BO, "example.org", place) is None


def test_two_processes_share_one_limit(shared: str) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE.replace("%d", str(n)), "5", shared],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for n in range(2)
    ]
    said = [line for one in running for line in one.communicate()[0].splitlines()]
    assert all(one.returncode == 0 for one in running)
    assert said.count("None") == 6
    assert sum("checks_per_domain_per_hour" in line for line in said) == 4


def test_without_a_database_the_limit_still_holds_here(caplog: pytest.LogCaptureFixture) -> None:
    gone = together(lambda: Desk("postgresql://qiq@127.0.0.1:9/gone"))
    alone = budget(visitor=1)
    assert alone.spend(ANNA, "example.com", gone) is None
    assert alone.spend(ANNA, "example.com", gone) is not None
    assert "no database" in caplog.text
    assert ANNA not in caplog.text


HOUR = Window("checks_per_visitor_per_hour", ANNA, 1, 3600)


def test_room_comes_back_with_time_and_visitors_are_not_kept(tmp_path: Path, clock: Clock) -> None:
    desk = Desk(blank(tmp_path / "desk.db"), now=clock)
    assert desk.take_all([HOUR]) is None
    clock.pass_(minutes=20)
    full = desk.take_all([HOUR])
    assert full is not None
    assert timedelta(minutes=39) < timedelta(seconds=full.seconds) <= timedelta(minutes=40)
    clock.pass_(minutes=41)
    assert desk.take_all([HOUR]) is None
    desk.dispose()
    assert ANNA.encode() not in (tmp_path / "desk.db").read_bytes()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with postgres.running() as server:
        yield server.url


@postgres.needed
async def test_many_at_once_on_postgresql_never_get_more_than_the_limit(postgresql: str) -> None:
    desk, tight = Desk(postgresql), budget(domain=5)
    shared = together(lambda: desk)
    tries = (asyncio.to_thread(tight.spend, f"v_{n}", "example.com", shared) for n in range(20))
    found = await asyncio.gather(*tries)
    desk.dispose()
    assert found.count(None) == 5
