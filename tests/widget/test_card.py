"""The diagnosis card and what hangs on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from . import samples
from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser

VERDICTS = {
    "host_fault": "The fault is on our side",
    "account": "Something in your account needs attention",
    "dns": "Your domain's DNS settings are the cause",
    "third_party": "Our servers work: the cause is elsewhere",
    "all_clear": "Everything we tested works",
    "inconclusive": "Not certain yet",
    "not_hosted": "This address is not hosted with us",
}


def test_a_verdict_is_one_line_with_case_domain_and_next_steps(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    served.say(samples.HEADLINE + "\n\nWe tested it a moment ago.", custom=samples.diagnosis())
    card = chat.page.get_by_role("article")
    expect(card.get_by_role("heading", name="The fault is on our side")).to_be_visible()
    for text in (samples.HEADLINE, "Case QIQ-7F3K2", "We tested it a moment ago."):
        expect(card.get_by_text(text, exact=True)).to_have_count(1)
    link = card.get_by_role("link", name="Open the full report")
    assert link.get_attribute("href") == served.url + "/receipts/9bKx0"
    assert card.locator(".steps li").count() == 2


def test_what_the_card_draws_is_not_said_twice(visit: Visit, served: Served) -> None:
    chat = visit()
    lists = (
        "What we found:\n- A check failed.\n\nWhat to do:\n- Wait.\n\nIMAP: mail.qiq.example, 993"
    )
    payload = samples.third_party(headline=None)
    served.say(f"Our servers work.\n\n{lists}\n\nDid that help?", custom=payload)
    expect(chat.page.locator("qiq-chat .story")).to_have_text("Our servers work.\n\nDid that help?")
    served.say("For anna@müller.example:\nIMAP: mail.qiq.example, 993", custom=samples.SETTINGS)
    expect(chat.messages.last.locator(".text")).to_have_text("For anna@müller.example:")


def test_every_verdict_has_its_words(visit: Visit, served: Served) -> None:
    chat = visit()
    for verdict, words in VERDICTS.items():
        served.say("Found.", custom=samples.diagnosis(verdict=verdict))
        expect(chat.page.get_by_role("heading", name=words)).to_have_count(1)


def test_an_unknown_verdict_of_a_later_version_still_shows_its_text(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    served.say("It is the weather.", custom={"type": "diagnosis", "verdict": "weather"})
    expect(chat.text("It is the weather.").first).to_be_visible()


def test_an_unknown_part_of_a_later_version_still_shows_its_text(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    served.say("Have a look.", custom={"type": "hologram", "url": "x"})
    chat.shows("Have a look.")


def test_checks_are_folded_and_told_apart_by_words_shape_and_colour(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    served.say("Found.", custom=samples.diagnosis())
    passed = chat.text("The name servers are ours.")
    expect(passed).not_to_be_visible()
    chat.text("7 tests").click()
    expect(passed).to_be_visible()
    rows = chat.page.locator("qiq-chat details .check")
    assert rows.locator(".badge").all_inner_texts() == [
        "Failed", "Warning", "Test did not work", "Not run", "OK", "OK", "OK"
    ]  # fmt: skip
    shapes = {
        (
            badge.locator("path").get_attribute("d"),
            badge.evaluate("e => getComputedStyle(e).color"),
        )
        for badge in rows.locator(".badge").all()
    }
    assert len({shape for shape, _ in shapes}) == 5


def test_a_check_that_could_not_run_never_looks_like_a_pass(visit: Visit, served: Served) -> None:
    chat = visit()
    odd = [{"id": "x", "status": "splendid", "summary": "?"}]
    served.say("Found.", custom=samples.diagnosis(checks=odd))
    chat.text("1 test", exact=True).click()
    expect(chat.page.locator("qiq-chat details .check")).to_contain_text("Test did not work")


def test_settings_are_copied_with_one_press(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    served.say("Our servers work.", custom=samples.third_party())
    expect(chat.button("Copy Outgoing mail (SMTP): Server")).not_to_be_visible()
    chat.text("Settings for your mail program").click()
    chat.button("Copy Outgoing mail (SMTP): Server").click()
    expect(chat.live).to_contain_text("Outgoing mail (SMTP): Server copied")
    assert chat.page.evaluate("navigator.clipboard.readText()") == "mail.qiq.example"
    chat.button("Copy Settings for your mail program: User name").click()
    expect(chat.live).to_contain_text("User name copied")
    assert chat.page.evaluate("navigator.clipboard.readText()") == "anna@müller.example"


def test_settings_are_copied_where_the_clipboard_is_refused(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    served.say("Here they are.", custom=samples.SETTINGS)
    chat.button("Copy Incoming mail (IMAP): Port").click()
    expect(chat.live).to_contain_text("Port copied")
    chat.field.focus()
    chat.page.keyboard.press("Control+V")
    expect(chat.field).to_have_value("993")


def test_whom_to_ask_is_given_in_order_with_link_and_number(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("Please ask:", custom={"type": "referral", "referrals": samples.REFERRALS})
    names = [
        re.sub(r" \(opens.*", "", t) for t in chat.messages.get_by_role("link").all_text_contents()
    ]
    assert names == ["Microsoft: Outlook support", "+1 800 642 7676", "Mozilla support forum"]
    phone = chat.page.get_by_role("link", name="+1 800 642 7676")
    assert phone.get_attribute("href") == "tel:+18006427676"


def test_buttons_of_a_card_stay_after_another_message(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("Found.", custom=samples.diagnosis(), buttons=samples.BUTTONS)
    chat.say("By the way, my site is fine")
    expect(chat.button("Yes, it works now")).to_be_visible()
