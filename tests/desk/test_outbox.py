"""Deliveries: none lost, none doubled, in order."""

from __future__ import annotations

from qiq.desk import Desk
from qiq.desk.outbox import GIVE_UP_TRIES


def test_the_same_key_is_kept_once(desk: Desk) -> None:
    assert desk.enqueue("whmcs", "1", {"n": 1}, "k")
    assert not desk.enqueue("whmcs", "1", {"n": 2}, "k")
    assert [item.body for item in desk.due()] == [{"n": 1}]


def test_a_leased_item_is_not_taken_twice_but_survives_a_crash(desk: Desk, clock) -> None:
    desk.enqueue("whmcs", "1", {}, "k")
    assert len(desk.due(lease_seconds=60)) == 1
    assert desk.due() == []
    clock.pass_(seconds=61)
    assert len(desk.due()) == 1


def test_a_later_item_never_overtakes_an_earlier_one_of_the_same_address(desk: Desk, clock) -> None:
    for n in (1, 2):
        desk.enqueue("telegram", "ann", {"n": n}, f"a{n}")
    desk.enqueue("telegram", "bob", {"n": 3}, "b")
    first = desk.due()
    assert [item.body["n"] for item in first] == [1, 3]
    desk.failed(first[0].id, "503")
    assert desk.due() == []
    clock.pass_(seconds=6)
    [again] = desk.due()
    assert again.tries == 1
    desk.delivered(again.id)
    assert [item.body["n"] for item in desk.due()] == [2]


def test_after_many_failures_it_is_given_up_and_kept(desk: Desk, clock) -> None:
    desk.enqueue("whmcs", "1", {}, "k")
    gave_up = []
    for _ in range(GIVE_UP_TRIES):
        [item] = desk.due()
        gave_up.append(desk.failed(item.id, "503"))
        clock.pass_(hours=1)
    assert gave_up == [False] * (GIVE_UP_TRIES - 1) + [True]
    assert desk.due() == []
