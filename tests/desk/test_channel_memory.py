"""What channels remember survives a restart and is shared by every gateway."""

from datetime import UTC, datetime, timedelta

import pytest

from qiq.desk import Desk

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path, clock) -> Desk:
    return Desk(f"sqlite:///{tmp_path}/desk.db", now=clock)


def test_an_event_is_new_once(desk, tmp_path):
    other = Desk(f"sqlite:///{tmp_path}/desk.db")
    assert desk.first_sight("slack:Ev1")
    assert not other.first_sight("slack:Ev1")
    assert desk.first_sight("slack:Ev2")


def test_who_opted_out_stays_out_until_opting_in(desk):
    desk.opt_out("twilio", "+44")
    desk.opt_out("twilio", "+44")
    assert desk.opted_out("twilio", "+44")
    assert not desk.opted_out("telegram", "+44")
    assert desk.opt_in("twilio", "+44")
    assert not desk.opted_out("twilio", "+44")
    assert not desk.opt_in("twilio", "+44")


def test_a_post_in_doubt_is_recognised_after_a_crash(desk):
    assert desk.begin_post("c:1", "C01").ts is None
    assert desk.begin_post("c:1", "C01").ts is None
    desk.change_post("c:1", ts="17.1", digest="d")
    assert desk.begin_post("c:1", "C01").ts == "17.1"
    assert desk.post_of_thread("C01", "17.1").key == "c:1"
    assert [post.key for post in desk.posts()] == ["c:1"]


def test_a_receipt_opens_with_its_link_until_it_expires(desk, clock):
    token = desk.issue_receipt({"case": "QIQ-7F3K2", "checks": []}, days=30)
    assert len(token) >= 26
    assert desk.receipt(token).payload["case"] == "QIQ-7F3K2"
    assert desk.receipt(token + "x") is None
    clock.moment = NOW + timedelta(days=31)
    assert desk.receipt(token) is None


def test_the_link_itself_is_not_in_the_database(desk, tmp_path):
    token = desk.issue_receipt({"case": None})
    desk.dispose()
    assert token.encode() not in (tmp_path / "desk.db").read_bytes()


def test_the_24_hour_window_counts_from_the_customers_last_words(desk, clock):
    talk = desk.open_conversation("telegram", "7")
    assert desk.last_heard(talk.id) is None
    desk.append(talk.id, "visitor", "message", {"text": "hallo"}, key="1")
    clock.moment = NOW + timedelta(hours=1)
    desk.append(talk.id, "bot", "message", {"text": "hello"}, key="2")
    assert desk.last_heard(talk.id) == NOW
