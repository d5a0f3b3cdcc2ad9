"""A complaint, checks, a verdict, a person and the good news, in each messenger, for real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.fake_slack import EVENT_TS, event
from tests.channels.live import Colleague, Customer, Live, living, until

pytestmark = pytest.mark.e2e

ADDRESSES = {
    "facebook": ("facebook", "PSID_JOURNEY"),
    "telegram": ("telegram", "4711"),
    "whatsapp": ("twilio", "whatsapp:+447700900101"),
    "sms": ("twilio", "+447700900102"),
}


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    with living() as found:
        yield found


@pytest.fixture
def healthy(live: Live) -> Iterator[Live]:
    live.stack.lab("heal")
    yield live
    live.stack.lab("heal")


def root_about(live: Live, words: str, topic: str) -> dict[str, Any]:
    """The message staff were shown of the customer who wrote ``words``."""
    found = until(
        lambda: [r for r in live.slack.roots() if words in str(r["blocks"])],
        f"an alert about {words!r}",
    )
    assert [root["channel"] for root in found] == [topic]
    return found[0]


@pytest.mark.parametrize("messenger", list(ADDRESSES))
def test_from_the_complaint_to_the_good_news(healthy: Live, messenger: str) -> None:
    live = healthy
    customer = Customer(live, *ADDRESSES[messenger])
    complaint = f"Outlook cannot connect for example.com, says {messenger} Zoë"
    live.stack.lab("break", "imap-refused")

    customer.writes(complaint)
    customer.hears("IMAP")
    root = root_about(live, complaint, "C_MAIL")
    jo = Colleague(live, root)
    jo.sees("Our server is at fault", "mail.imap")

    customer.writes("I want to talk to a person")
    jo.sees("waits for a person")
    jo.presses("claim")
    customer.hears_sentence("system.person_joined")
    jo.sees("Jo has the talk")

    customer.writes("Is anybody working on it?")
    until(lambda: "*Customer:* Is anybody working on it?" in jo.thread(), "it is in the thread")
    jo.replies("We are restarting the mail service.")
    customer.hears("We are restarting the mail service.")
    jo.presses("release")
    customer.hears_sentence("system.person_left")

    live.stack.lab("heal")
    customer.hears_sentence("system.repaired")
    jo.sees("Closed: repaired")
    jo.presses("resolve")
    until(lambda: any("Resolved by Jo" in line for line in jo.thread()), "it is resolved")

    chat = customer.chat()
    assert [text for text in chat if chat.count(text) > 1] == []
    assert len([r for r in live.slack.roots() if complaint in str(r["blocks"])]) == 1


def test_whether_this_is_a_person_is_answered_truthfully(healthy: Live) -> None:
    customer = Customer(healthy, "telegram", "4712")
    customer.writes("am I talking to a real person?")
    customer.hears("program")


def test_staff_ask_in_plain_words_and_get_the_raw_evidence(healthy: Live) -> None:
    healthy.stack.lab("break", "imap-refused")
    healthy.staff(event("<@U_BOT> what's wrong with mail on server 1?", id="EvJourney1"))
    answer = until(lambda: answers(healthy, "mail.imap"), "the evidence is posted")[0]
    assert "mail.qiq.example:143" in answer
    assert "*Account:*" in answer
    healthy.staff(event("<@U_BOT> is there an outage anywhere?", id="EvJourney2"))
    until(lambda: answers(healthy, "incidents open"), "the state of things is posted")


def answers(live: Live, words: str) -> list[str]:
    """Answers to the mention in the fixture."""
    return [text for text in live.slack.thread(EVENT_TS) if words in text]
