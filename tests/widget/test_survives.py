"""Nothing said is lost or shown twice, whatever happens to page, tab, line or server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from . import samples
from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser


def said(served: Served) -> list[str]:
    """What the gateway stored of the visitor, in order."""
    events = served.call(lambda: list(served.gateway.talk.events))
    return [e["text"] for e in events if e.get("author") == "visitor"]


def test_a_reload_and_another_page_keep_the_talk_and_what_is_half_written(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    chat.say("Guten Tag, Müller hier")
    served.say("Hello!")
    chat.shows("Guten Tag, Müller hier", "Hello!")
    chat.field.fill("half a sent")
    chat.page.reload()
    chat.shows("Guten Tag, Müller hier", "Hello!")
    expect(chat.field).to_have_value("half a sent")
    chat.page.goto(served.url + "/shop/page2")
    chat.shows("Guten Tag, Müller hier", "Hello!")
    expect(chat.field).to_have_value("half a sent")
    assert len(served.gateway.talks) == 1


def test_two_tabs_show_the_same_talk(visit: Visit, served: Served) -> None:
    one = visit()
    two = visit()
    one.say("from the first")
    two.shows("from the first")
    two.say("from the second")
    served.say("I see both.")
    for chat in (one, two):
        chat.shows("from the first", "from the second", "I see both.")
    assert len(served.gateway.talks) == 1


def test_two_first_tabs_opened_at_once_start_one_talk(visit: Visit, served: Served) -> None:
    tabs = [visit(opened=False), visit(opened=False)]
    for chat in tabs:
        chat.page.evaluate("() => { qiq.open() }")
    served.until(lambda gateway: gateway.talks and len(gateway.talk.lines) == 2)
    tabs[0].say("from the first")
    tabs[1].shows("from the first")
    assert len(served.gateway.talks) == 1


def test_what_is_read_in_one_tab_is_not_unread_in_the_next(visit: Visit, served: Served) -> None:
    one = visit()
    served.say("read me")
    one.shows("read me")
    two = visit(opened=False)
    served.until(lambda gateway: len(gateway.talk.lines) == 2)
    expect(two.launcher).to_have_attribute("aria-label", "Open the support chat")


def test_written_offline_is_sent_when_the_connection_is_back(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("Hello!")
    chat.page.context.set_offline(True)
    expect(chat.offline).to_be_visible()
    chat.say("first")
    chat.say("second\nwith a line")
    expect(chat.text("Waiting to be sent")).to_have_count(2)
    served.say("missed meanwhile")
    chat.page.context.set_offline(False)
    served.until(lambda gateway: len(gateway.talk.events) == 4)
    expect(chat.offline).not_to_be_visible()
    expect(chat.text("Waiting to be sent")).to_have_count(0)
    assert said(served) == ["first", "second\nwith a line"]
    chat.shows("Hello!", "missed meanwhile", "first", "second\nwith a line")


def test_written_offline_survives_a_reload(visit: Visit, served: Served) -> None:
    chat = visit()
    served.call(lambda: setattr(served.gateway.faults, "deaf", True))
    served.drop_lines()
    expect(chat.offline).to_be_visible()
    chat.say("kept")
    chat.page.reload()
    expect(chat.text("Waiting to be sent")).to_be_visible()
    served.call(lambda: setattr(served.gateway.faults, "deaf", False))
    served.until(lambda gateway: gateway.talk.events)
    chat.shows("kept")
    assert said(served) == ["kept"]


def test_a_restart_in_mid_talk_loses_nothing(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.say("before")
    chat.shows("before")
    served.stop()
    expect(chat.offline).to_be_visible()
    chat.say("during")
    served.start()
    served.until(lambda gateway: len(gateway.talk.events) == 2)
    expect(chat.offline).not_to_be_visible()
    served.say("after")
    chat.shows("before", "during", "after")
    assert said(served) == ["before", "during"]


STEPS = [500, 1000, 2000, 4000, 8000, 16000, 30000]
"""Milliseconds between tries, before the spread."""
# Writes down how long each try waits, without waiting; chance always gives the longest.
HURRY = """steps => { window.waits = []; Math.random = () => 1; const real = setTimeout;
    window.setTimeout = (act, ms, ...rest) => {
        if (!steps.includes(ms)) return real(act, ms, ...rest);
        waits.push(ms);
        return real(act, 0, ...rest);
    } }"""


def test_tries_come_ever_more_seldom_while_nobody_answers(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.page.evaluate(HURRY, STEPS)
    served.call(lambda: setattr(served.gateway.faults, "deaf", True))
    served.drop_lines()
    chat.until("waits.length > 8")
    assert chat.page.evaluate("waits.slice(0, 9)") == [*STEPS, 30000, 30000]
    served.call(lambda: setattr(served.gateway.faults, "deaf", False))
    expect(chat.offline).not_to_be_visible()
    chat.page.evaluate("() => { waits.length = 0 }")
    served.drop_lines()
    chat.until("waits.length > 0")
    assert chat.page.evaluate("waits[0]") == 500


def test_a_message_whose_acknowledgement_was_lost_is_stored_and_shown_once(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    served.call(lambda: setattr(served.gateway.faults, "swallow_acks", True))
    chat.say("once")
    served.until(lambda gateway: gateway.talk.events)
    served.drop_lines()
    served.until(lambda gateway: gateway.talk.lines)
    served.say("Got it.")
    chat.shows("once", "Got it.")
    assert said(served) == ["once"]


def test_doubled_and_late_frames_are_put_right(visit: Visit, served: Served) -> None:
    chat = visit()
    served.call(lambda: setattr(served.gateway.faults, "duplicate", True))
    served.say("one")
    served.call(lambda: setattr(served.gateway.faults, "duplicate", False))
    served.call(lambda: setattr(served.gateway.faults, "swap", True))
    served.say("two")
    served.say("three")
    chat.shows("one", "two", "three")


def test_a_frame_that_never_came_is_fetched_after_the_next_connection(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    served.call(lambda: setattr(served.gateway.faults, "swap", True))
    served.say("lost on the way")  # held back by the fault, and never sent
    served.call(lambda: setattr(served.gateway.faults, "swap", False))
    served.say("next")
    chat.shows("next")
    served.drop_lines()
    chat.shows("lost on the way", "next")


def test_a_number_that_does_not_exist_does_no_harm(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("one")
    served.call(lambda: setattr(served.gateway, "gap", 3))
    served.say("two")
    chat.shows("one", "two")
    served.drop_lines()
    served.until(lambda gateway: gateway.talk.lines)
    served.say("three")
    chat.shows("one", "two", "three")


def test_where_websockets_are_blocked_events_come_by_stream(visit: Visit, served: Served) -> None:
    served.gateway.faults.no_websocket = True
    chat = visit()
    chat.say("über den Umweg")
    served.say("It works.", buttons=samples.BUTTONS)
    chat.button("Yes, it works now").click()
    chat.shows("über den Umweg", "It works.", "Yes, it works now")
    assert not served.gateway.sockets
    served.drop_lines()
    chat.say("again")
    chat.shows("über den Umweg", "It works.", "Yes, it works now", "again")


def test_a_session_that_is_no_longer_valid_is_replaced(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.say("in the old talk")
    chat.shows("in the old talk")
    served.call(served.gateway.talks.clear)
    served.drop_lines()
    served.until(lambda gateway: gateway.talks)
    served.until(lambda gateway: gateway.talk.lines)
    served.say("A new talk.")
    chat.shows("A new talk.")


def test_too_fast_is_said_kindly_and_sent_later(visit: Visit, served: Served) -> None:
    chat = visit()
    slow = {"code": "slow_down", "text": "One moment, please.", "retry_after": 1}
    served.call(lambda: setattr(served.gateway.faults, "refuse", slow))
    chat.say("quick")
    expect(chat.text("One moment, please.")).to_be_visible()
    served.until(lambda gateway: gateway.talk.events)
    assert said(served) == ["quick"]


def test_a_refused_message_says_why_and_can_be_sent_again(visit: Visit, served: Served) -> None:
    chat = visit()
    long = {"code": "too_long", "text": "That is too long for one message."}
    served.call(lambda: setattr(served.gateway.faults, "refuse", long))
    chat.say("very long")
    expect(chat.text("Not sent – That is too long for one message.")).to_be_visible()
    chat.button("Send again").click()
    expect(chat.text("Not sent")).to_have_count(0)
    assert said(served) == ["very long"]


def test_too_many_sessions_is_said_kindly(visit: Visit, served: Served) -> None:
    error = {"code": "too_many_sessions", "text": "Please wait a minute.", "retry_after": 1}
    served.gateway.faults.refuse_session = (429, error)
    chat = visit()
    expect(chat.text("Please wait a minute.")).to_be_visible()
    chat.say("now it works")
    chat.shows("now it works")


def test_a_talk_nobody_opened_costs_no_connection(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    expect(chat.launcher).to_be_visible()
    assert not served.gateway.talks


def test_where_storage_is_refused_the_chat_works_all_the_same(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    chat.page.context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, {get() { throw new Error("refused") }})"""
    )
    chat.page.reload()
    chat.open()
    chat.say("hello")
    chat.shows("hello")
