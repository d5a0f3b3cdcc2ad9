"""A conversation of a thousand messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser
MANY = 1000


def fill(served: Served) -> None:
    def write() -> None:
        for n in range(1, MANY + 1):
            served.gateway.say(f"message {n}", author="visitor" if n % 3 == 1 else "bot")

    served.call(write)


def nodes(chat: Chat) -> int:
    count: int = chat.page.evaluate(
        """() => document.querySelector("qiq-chat").shadowRoot.querySelectorAll("*").length"""
    )
    return count


def test_only_the_end_of_a_long_talk_is_in_the_document(visit: Visit, served: Served) -> None:
    chat = visit()
    fill(served)
    chat.page.reload()
    expect(chat.text("message 1000", exact=True)).to_be_in_viewport()
    assert chat.messages.count() <= 60
    assert nodes(chat) < 1000
    style = "e => getComputedStyle(e).contentVisibility"
    assert chat.messages.first.evaluate(style) == "auto"


def test_earlier_messages_come_by_button_and_by_scrolling_in_order(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    fill(served)
    chat.page.reload()
    expect(chat.text("message 1000", exact=True)).to_be_in_viewport()
    chat.button("Show earlier messages").press("Enter")
    expect(chat.text("message 881", exact=True)).to_be_attached()
    while chat.button("Show earlier messages").is_visible():
        chat.button("Show earlier messages").press("Enter")
    assert chat.texts() == [f"message {n}" for n in range(1, MANY + 1)]


def test_reading_further_up_is_not_disturbed_by_what_comes(visit: Visit, served: Served) -> None:
    chat = visit()
    fill(served)
    chat.page.reload()
    expect(chat.text("message 1000", exact=True)).to_be_in_viewport()
    target = chat.text("message 960", exact=True)
    target.scroll_into_view_if_needed()
    expect(target).to_be_in_viewport()
    served.say("brand new")
    newest = chat.button("To the latest")
    expect(newest).to_be_visible()
    expect(target).to_be_in_viewport()
    newest.click()
    expect(chat.text("brand new")).to_be_in_viewport()


def test_the_whole_of_a_long_talk_is_saved(visit: Visit, served: Served, tmp_path: Path) -> None:
    chat = visit()
    fill(served)
    chat.page.reload()
    expect(chat.text("message 1000", exact=True)).to_be_in_viewport()
    with chat.page.expect_download() as saved:
        chat.menu("Save the conversation")
    saved.value.save_as(tmp_path / "talk.txt")
    lines = (tmp_path / "talk.txt").read_text("utf-8").split("\n\n")
    assert [line.strip().split(": ")[-1] for line in lines] == [
        f"message {n}" for n in range(1, MANY + 1)
    ]


def changed_by(chat: Chat, act: Callable[[], None]) -> int:
    """Nodes put into or taken out of the list, or attributes set in it, while `act` runs."""
    chat.page.evaluate(
        """() => { window.changes = 0;
        const items = document.querySelector("qiq-chat").shadowRoot.querySelector(".items");
        window.watch = new MutationObserver(found => found.forEach(one => {
            changes += one.addedNodes.length + one.removedNodes.length
                + (one.type === "attributes" && one.oldValue
                    !== one.target.getAttribute(one.attributeName)) }));
        watch.observe(items, {childList: true, subtree: true, attributes: true,
            attributeOldValue: true}) }"""
    )
    act()
    return int(chat.page.evaluate("() => (watch.disconnect(), changes)"))


def test_a_new_message_costs_the_same_after_a_thousand_as_after_a_few(
    visit: Visit, served: Served
) -> None:
    """No jank: with all of them drawn nothing but what is new is touched. No clock is asked."""
    chat = visit()
    fill(served)
    chat.page.reload()
    expect(chat.text("message 1000", exact=True)).to_be_in_viewport()
    while chat.button("Show earlier messages").is_visible():
        chat.button("Show earlier messages").press("Enter")
    expect(chat.messages).to_have_count(MANY)

    def answer() -> None:
        served.say("brand new")
        expect(chat.text("brand new")).to_be_attached()

    assert 1 <= changed_by(chat, answer) <= 5
    assert changed_by(chat, lambda: chat.field.type("still quick")) == 0
