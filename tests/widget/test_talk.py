"""A talk with the bot and with a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import samples
from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser
STACK = "Outlook: cannot connect\n    at mail.qiq.example:993\n\n\tError 0x800CCC0E «müller»"


def test_what_is_said_arrives_and_the_answer_is_shown(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.say("My mail is broken")
    chat.shows("My mail is broken")
    expect(chat.text("Waiting to be sent")).to_have_count(0)
    served.say("Which domain is it about?")
    chat.shows("My mail is broken", "Which domain is it about?")


def test_a_pasted_error_keeps_its_lines_and_spaces(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.field.fill(STACK)
    chat.field.press("Enter")
    served.until(lambda gateway: gateway.talk.events)
    assert served.gateway.talk.events[0]["text"] == STACK
    assert chat.texts() == [STACK]
    shown = chat.messages.locator(".text")
    assert shown.evaluate("e => getComputedStyle(e).whiteSpaceCollapse") == "preserve"


def test_shift_enter_makes_a_line_and_enter_sends(visit: Visit) -> None:
    chat = visit()
    chat.field.type("one")
    chat.field.press("Shift+Enter")
    chat.field.type("two")
    assert chat.messages.count() == 0
    chat.field.press("Enter")
    chat.shows("one\ntwo")


def test_a_first_visitor_is_greeted_and_can_start_with_one_press(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    expect(chat.text("Please don't send passwords")).to_be_visible()
    chat.button("My email isn't working").click()
    chat.shows("My email isn't working")
    expect(chat.text("Please don't send passwords")).to_have_count(0)


def test_quick_replies_send_the_servers_id_and_go_away(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("Does it work now?", buttons=samples.BUTTONS)
    chat.button("Yes, it works now").click()
    chat.shows("Does it work now?", "Yes, it works now")
    expect(chat.button("No, still the same")).to_have_count(0)
    assert next(f for f in served.gateway.frames if f["type"] == "press")["button"] == "b_yes"


def test_tests_are_shown_as_they_finish_and_go_when_the_answer_is_there(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    for check in samples.CHECKS[:5]:
        served.tell(type="progress", check=check)
    expect(chat.text("5 tests done")).to_be_visible()
    expect(chat.text("The server refuses connections for reading mail.")).to_be_visible()
    served.say("Found it.", custom=samples.diagnosis())
    expect(chat.text("5 tests done")).to_have_count(0)


def test_one_sees_that_somebody_is_writing(visit: Visit, served: Served) -> None:
    chat = visit()
    served.tell(type="typing", on=True)
    expect(chat.text("Assistant is writing…")).to_be_visible()
    served.tell(type="typing", on=False)
    expect(chat.text("Assistant is writing…")).to_have_count(0)


def test_a_person_can_be_asked_for_and_their_name_is_shown(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.button("Talk to a person").click()
    served.until(lambda gateway: [f for f in gateway.frames if f["type"] == "human"])
    served.state("waiting", position=2, wait_minutes=5)
    bar = chat.text("Waiting for a person · Number 2 in line · about 5 minutes")
    expect(bar).to_be_visible()
    served.state("person", name="Zoë")
    expect(chat.text("Zoë from our team is with you")).to_be_visible()
    served.say("Hello, I am reading along.", author="staff", name="Zoë")
    expect(chat.messages.last).to_contain_text("Zoë")


def test_outside_the_hours_no_minutes_are_promised(visit: Visit, served: Served) -> None:
    chat = visit()
    served.state("waiting", position=1, wait_minutes=5, open_now=False)
    expect(chat.page.locator("qiq-chat .bar.holder span")).to_have_text("Waiting for a person")


def test_who_waits_can_go_back_to_the_bot(visit: Visit, served: Served) -> None:
    chat = visit()
    served.state("waiting", position=1)
    chat.button("Back to the assistant").click()
    served.until(lambda gateway: [f for f in gateway.frames if f["type"] == "bot"])
    served.state("bot")
    expect(chat.button("Talk to a person")).to_be_visible()


def test_staff_see_that_the_visitor_is_writing(visit: Visit, served: Served) -> None:
    chat = visit()
    served.state("person", name="Zoë")
    expect(chat.text("Zoë from our team")).to_be_visible()
    chat.field.type("It says")
    served.until(lambda gateway: [f for f in gateway.frames if f["type"] == "typing"])


def test_a_way_to_leave_an_address_when_nobody_is_in(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("We are closed now. Where may we answer?", custom={"type": "contact_form"})
    chat.page.get_by_label("Your email address").fill("anna@müller.example")
    chat.page.get_by_label("When may we reach you?").fill("mornings")
    chat.messages.last.get_by_role("button", name="Send").click()
    sent = served.until(lambda gateway: [f for f in gateway.frames if f["type"] == "contact"])[0]
    assert (sent["email"], sent["when"]) == ("anna@müller.example", "mornings")


@pytest.mark.parametrize("asked", ["by the bot", "from the menu"])
def test_the_talk_can_be_rated(visit: Visit, served: Served, asked: str) -> None:
    chat = visit()
    if asked == "by the bot":
        served.say("", custom={"type": "rating"})
    else:
        chat.menu("Rate this chat")
    chat.button("4 stars out of 5").click()
    expect(chat.text("Thank you for your rating.")).to_be_visible()
    sent = served.until(lambda gateway: [f for f in gateway.frames if f["type"] == "rating"])
    assert sent[0]["stars"] == 4


def test_the_talk_can_be_saved_as_text(visit: Visit, served: Served, tmp_path: Path) -> None:
    chat = visit()
    chat.say("Müll im Postfach")
    served.say("It is us.", custom=samples.diagnosis())
    chat.text("The fault is on our side").wait_for()
    with chat.page.expect_download() as saved:
        chat.menu("Save the conversation")
    saved.value.save_as(tmp_path / "talk.txt")
    text = (tmp_path / "talk.txt").read_text("utf-8")
    assert "You: Müll im Postfach" in text
    assert "Assistant: It is us." in text
    assert saved.value.suggested_filename.endswith(".txt")


def test_messages_that_come_while_it_is_closed_are_counted(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.button("Close the chat").click()
    served.say("one")
    served.say("two")
    expect(chat.button("Open the support chat, 2 new messages")).to_be_visible()
    chat.open()
    chat.button("Close the chat").click()
    expect(
        chat.page.get_by_role("button", name="Open the support chat", exact=True)
    ).to_be_visible()


def test_no_sound_unless_it_was_turned_on(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.page.evaluate(
        """window.tones = 0; const real = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator =
            function () { tones++; return real.call(this) }; 0"""
    )
    served.say("quiet")
    chat.shows("quiet")
    assert chat.page.evaluate("tones") == 0
    chat.menu("Turn sound on")
    heard = chat.page.evaluate("tones")
    served.say("loud")
    chat.shows("quiet", "loud")
    assert chat.page.evaluate("tones") > heard > 0
