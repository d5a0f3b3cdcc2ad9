"""The numbered history of a conversation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qiq.desk import Desk


def talk(desk: Desk, address: str = "visitor-1", channel: str = "widget") -> str:
    return desk.open_conversation(channel, address).id


def test_opening_twice_is_the_same_conversation(desk: Desk) -> None:
    assert talk(desk) == talk(desk)
    assert talk(desk) != talk(desk, "visitor-2")


def test_events_are_numbered_without_gaps(desk: Desk) -> None:
    one = talk(desk)
    for n in range(1, 4):
        assert desk.append(one, "visitor", "message", {"text": "Grüße"}, key=f"k{n}").seq == n
    assert [m.seq for m in desk.history(one, after_seq=1)] == [2, 3]
    assert [m.seq for m in desk.history(one, limit=2)] == [2, 3]


def test_the_same_key_is_stored_once(desk: Desk) -> None:
    one = talk(desk)
    first = desk.append(one, "visitor", "message", {"text": "help"}, key="same")
    again = desk.append(one, "visitor", "message", {"text": "help"}, key="same")
    assert (first.new, again.new) == (True, False)
    assert again.id == first.id
    assert len(desk.history(one)) == 1


def test_many_writers_get_many_numbers(url: str) -> None:
    desk = Desk(url)
    one = talk(desk)

    def write(n: int) -> int:
        return desk.append(one, "visitor", "message", {"n": n}, key=f"k{n % 20}").seq

    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(write, range(40)))
    assert sorted(set(seqs)) == list(range(1, 21))
    assert len(desk.history(one)) == 20


def test_an_unknown_conversation_is_an_error(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.append("c_none", "visitor", "message", {}, key="k")


def test_a_turn_is_owed_until_finished_and_leased_to_one(desk: Desk) -> None:
    one = talk(desk)
    for n in (1, 2):
        desk.append(one, "visitor", "message", {"text": str(n)}, key=f"k{n}", turn={"press": None})
    first = desk.take_turn(one, "gateway-a", 30)
    assert first is not None
    assert first.message.body["text"] == "1"
    assert desk.take_turn(one, "gateway-b", 30) is None
    desk.finish_turn(first.message.id)
    second = desk.take_turn(one, "gateway-b", 30)
    assert second is not None
    assert second.message.body["text"] == "2"


def test_a_dead_gateways_turn_is_taken_over(desk: Desk, clock) -> None:
    one = talk(desk)
    desk.append(one, "visitor", "message", {"text": "x"}, key="k", turn={})
    assert desk.take_turn(one, "gateway-a", 30) is not None
    clock.pass_(seconds=31)
    assert desk.take_turn(one, "gateway-b", 30) is not None


def test_a_postponed_turn_waits(desk: Desk, clock) -> None:
    one = talk(desk)
    sent = desk.append(one, "visitor", "message", {"text": "x"}, key="k", turn={})
    desk.postpone_turn(sent.id, 60, told=True)
    assert desk.waiting_turns() == []
    clock.pass_(seconds=61)
    assert desk.waiting_turns() == [one]
    turn = desk.take_turn(one, "a", 30)
    assert turn is not None
    assert (turn.tries, turn.told) == (1, True)


def test_replies_of_a_messenger_go_to_the_outbox_with_the_event(desk: Desk) -> None:
    one = talk(desk, "4711", "telegram")
    desk.append(one, "visitor", "message", {"text": "hello"}, key="k1")
    desk.append(one, "bot", "message", {"text": "Good morning"}, key="k2")
    desk.append(one, "bot", "message", {"text": "Good morning"}, key="k2")
    due = desk.due()
    assert [(item.channel, item.address, item.body["text"]) for item in due] == [
        ("telegram", "4711", "Good morning")
    ]


def test_verified_domains_expire(desk: Desk, clock) -> None:
    one = talk(desk)
    desk.set_customer(one, ["müller.example"], "a@müller.example", clock.moment.replace(hour=11))
    assert desk.verified_domains(one) == ("müller.example",)
    clock.pass_(hours=2)
    assert desk.verified_domains(one) == ()


def test_the_turn_of_a_gateway_that_died_is_taken_up(desk: Desk, clock) -> None:
    one = desk.open_conversation("widget", "turns").id
    message = desk.append(one, "visitor", "message", {"text": "x"}, key="k", turn={})
    assert desk.take_turn(one, "first", 15) is not None
    clock.pass_(seconds=10)
    desk.renew_turn(message.id, "first", 15)
    clock.pass_(seconds=10)
    assert desk.take_turn(one, "second", 15) is None, "the first is still at work"
    clock.pass_(seconds=10)
    assert desk.take_turn(one, "second", 15) is not None
    desk.renew_turn(message.id, "first", 60)
    clock.pass_(seconds=20)
    assert desk.take_turn(one, "third", 15) is not None, "a late renewal of the first does nothing"
