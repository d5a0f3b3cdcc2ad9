"""Limits counted in the database hold for everybody who opens it."""

from __future__ import annotations

from qiq.desk import Desk


def test_a_window_slides_and_is_of_one_subject(desk: Desk, clock) -> None:
    assert [desk.take("ann", most=2, seconds=60) for _ in range(2)] == [0.0, 0.0]
    assert 59 < desk.take("ann", most=2, seconds=60) <= 60
    assert desk.take("bob", most=2, seconds=60) == 0.0
    clock.pass_(seconds=60)
    assert desk.take("ann", most=2, seconds=60) == 0.0


def test_where_one_subject_has_no_room_nothing_is_counted(desk: Desk) -> None:
    desk.take("example.com", most=1, seconds=60)
    assert desk.take("ann", "example.com", most=1, seconds=60) > 0
    assert desk.take("ann", most=1, seconds=60) == 0.0


def test_another_process_sees_what_was_counted(desk: Desk, url: str, clock) -> None:
    desk.take("ann", most=1, seconds=60)
    other = Desk(url, now=clock)
    assert other.take("ann", most=1, seconds=60) > 0
    other.dispose()


def test_no_subject_has_no_limit(desk: Desk) -> None:
    assert desk.take(most=0, seconds=60) == 0.0


def test_what_counts_for_no_limit_any_more_is_forgotten(desk: Desk, clock) -> None:
    desk.take("ann", most=5, seconds=3600)
    clock.pass_(minutes=50)
    desk.take("ann", most=5, seconds=3600)
    clock.pass_(minutes=11)
    assert [desk.forget_counted(), desk.forget_counted()] == [1, 0]
    assert desk.take("ann", most=1, seconds=3600) > 0
