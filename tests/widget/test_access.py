"""Everybody can use it: by axe, keyboard, ear, large, small, still, right to left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from . import samples
from .chat import Chat
from .serving import Served
from .states import STATES, reach

Visit = Callable[..., Chat]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("tools")]


def small_targets(chat: Chat) -> list[str]:
    """What is pressed and smaller than 24 by 24 (WCAG 2.2, 2.5.8)."""
    found: list[str] = chat.page.evaluate(
        """() => [...document.querySelector("qiq-chat").shadowRoot.querySelectorAll(
            "button, summary, input:not([hidden]), textarea, select")]
        .filter(e => e.getClientRects().length)
        .map(e => [e, e.getBoundingClientRect()])
        .filter(([e, box]) => box.width < 24 || box.height < 24)
        .map(([e]) => e.outerHTML)"""
    )
    return found


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_against_wcag_22_aa_in_light_and_dark(
    visit: Visit, served: Served, state: str
) -> None:
    chat = visit(opened=False)
    chat.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    reach(state, chat, served)
    assert chat.problems() == []
    assert small_targets(chat) == []
    chat.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(chat.page.locator("qiq-chat .root")).to_have_attribute("data-theme", "dark")
    assert chat.problems() == []


@pytest.mark.parametrize("state", ["host fault", "third party", "menu", "contact"])
@pytest.mark.parametrize("where", ["forced colours", "right to left", "zoom 400 %"])
def test_axe_finds_nothing_in_less_common_surroundings(
    visit: Visit, served: Served, where: str, state: str
) -> None:
    if where == "right to left":
        served.gateway.page = served.gateway.page.replace("lang=en", "lang=en dir=rtl")
    chat = visit(opened=False)
    chat.page.emulate_media(
        reduced_motion="reduce", forced_colors="active" if where == "forced colours" else "none"
    )
    if where == "zoom 400 %":
        chat.page.set_viewport_size({"width": 320, "height": 256})
    reach(state, chat, served)
    assert chat.problems() == []
    assert small_targets(chat) == []


def test_axe_finds_nothing_in_a_long_talk_under_a_notice(visit: Visit, served: Served) -> None:
    chat = visit()
    for n in range(120):
        served.say(f"message {n}")
    chat.page.reload()
    expect(chat.text("message 119", exact=True)).to_be_in_viewport()
    chat.text("message 80", exact=True).scroll_into_view_if_needed()
    expect(chat.text("message 80", exact=True)).to_be_in_viewport()
    served.say("brand new")
    expect(chat.button("To the latest")).to_be_visible()
    served.tell(type="error", code="unavailable", text="Please try again in a minute.")
    expect(chat.button("Close this notice")).to_be_visible()
    assert chat.problems() == []
    assert small_targets(chat) == []


def test_axe_would_see_a_fault_inside_the_chat(visit: Visit) -> None:
    chat = visit()
    chat.panel.evaluate("e => e.querySelector('.status').style.color = '#ddd'")
    assert "color-contrast" in chat.problems()[0]


def test_the_keyboard_alone_is_enough(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    keys = chat.page.keyboard
    keys.press("Tab")
    assert chat.focused() == "Open the support chat"
    keys.press("Enter")
    expect(chat.field).to_be_focused()
    served.until(lambda gateway: gateway.talks and gateway.talk.lines)
    keys.type("by hand")
    keys.press("Enter")
    chat.shows("by hand")
    expect(chat.field).to_be_focused()
    served.say("Works?", buttons=samples.BUTTONS)
    expect(chat.button("Yes, it works now")).to_be_visible()
    seen = []
    for _ in range(4):
        keys.press("Shift+Tab")
        seen.append(chat.focused())
    assert seen[:3] == ["Attach a screenshot", "No, still the same", "Yes, it works now"]
    keys.press("Shift+Tab")
    keys.press("Escape")
    expect(chat.panel).not_to_be_visible()
    assert chat.focused().startswith("Open the support chat")


def test_the_order_of_focus_follows_what_is_seen(visit: Visit, served: Served) -> None:
    chat = visit()
    order = []
    chat.button("Talk to a person").focus()
    for _ in range(9):
        order.append(chat.focused())
        chat.page.keyboard.press("Tab")
    assert order == [
        "Talk to a person", "More options", "Close the chat", "Conversation",
        "My email isn't working", "My website isn't working", "Is there an outage?",
        "Attach a screenshot", "Write your message",
    ]  # fmt: skip


def test_the_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    chat = visit()
    more = chat.button("More options")
    more.press("Enter")
    assert chat.focused() == "Rate this chat"
    expect(more).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(chat.panel).to_be_visible()


def test_what_is_new_is_read_once_and_nothing_else(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say("old words")
    chat.shows("old words")
    chat.page.reload()
    chat.shows("old words")
    chat.say("my own words")
    served.say("new words")
    expect(chat.live).to_have_text("Assistant: new words")
    served.say("Found.", custom=samples.diagnosis())
    expect(chat.live).to_contain_text("The fault is on our side")
    assert chat.live.inner_text().count("new words") == 1
    assert "old words" not in chat.live.inner_text()
    assert "my own words" not in chat.live.inner_text()
    others = "qiq-chat [aria-live]:not([aria-live=off]):not(.sr)"
    assert chat.page.locator(others).count() == 0


def test_lost_and_found_connections_are_read(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.page.context.set_offline(True)
    expect(chat.live).to_contain_text("No connection. Keep writing")
    chat.page.context.set_offline(False)
    expect(chat.live).to_contain_text("Connected again.")


@pytest.mark.parametrize(
    ("width", "height"), [(320, 256), (360, 740), (820, 1180)], ids=["400%", "phone", "tablet"]
)
def test_it_fits_windows_of_every_size(
    visit: Visit, served: Served, width: int, height: int
) -> None:
    chat = visit(opened=False)
    chat.page.set_viewport_size({"width": width, "height": height})
    reach("third party", chat, served)
    sideways = """() => [...document.querySelector("qiq-chat").shadowRoot.querySelectorAll("*")]
        .filter(e => e.getClientRects().length && !e.closest(".sr"))
        .filter(e => { const box = e.getBoundingClientRect();
            return box.width > 2 && (box.left < -1 || box.right > innerWidth + 1) })
        .map(e => e.outerHTML.slice(0, 200))"""
    assert chat.page.evaluate(sideways) == []
    assert chat.log.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert chat.log.evaluate("e => e.clientHeight") >= min(100, height / 2.6)
    for control in (chat.field, chat.button("Close the chat"), chat.button("Send")):
        expect(control).to_be_in_viewport(ratio=1)


def test_while_it_covers_a_phone_the_focus_stays_in_sight(visit: Visit) -> None:
    chat = visit(opened=False)
    chat.page.set_viewport_size({"width": 360, "height": 740})
    chat.open()
    expect(chat.panel).to_have_attribute("aria-modal", "true")
    for key in ("Tab", "Shift+Tab"):
        for _ in range(14):
            chat.page.keyboard.press(key)
            assert chat.focused() not in ("", "Open the support chat")


def test_forced_colours_keep_every_sign(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    chat.page.emulate_media(forced_colors="active")
    reach("host fault", chat, served)
    invisible = chat.page.evaluate(
        """() => [...document.querySelector("qiq-chat").shadowRoot
            .querySelectorAll(".badge .i, .sign")]
        .filter(e => { const s = getComputedStyle(e); return s.color === s.backgroundColor })
        .map(e => e.outerHTML)"""
    )
    assert invisible == []
    assert chat.panel.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"


def test_nothing_moves_for_those_who_asked_for_rest(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    chat.page.emulate_media(reduced_motion="reduce")
    reach("typing", chat, served)
    moving = chat.page.evaluate(
        """document.querySelector("qiq-chat").shadowRoot.getAnimations().length"""
    )
    assert moving == 0


def test_right_to_left_is_mirrored(visit: Visit, served: Served) -> None:
    served.gateway.page = (
        "<!doctype html><html lang=en dir=rtl><title>دعم</title><script src=/widget.js></script>"
    )
    chat = visit()
    served.say("الخادم يعمل mail.qiq.example", buttons=samples.BUTTONS)
    chat.say("שלום")
    expect(chat.messages).to_have_count(2)
    theirs, mine = (chat.messages.nth(n).locator(".text").bounding_box() for n in (0, 1))
    assert theirs is not None
    assert mine is not None
    assert mine["x"] < theirs["x"]
    box = chat.launcher.bounding_box()
    assert box is not None
    assert box["x"] < 200


def test_the_pages_own_styles_do_not_reach_in(visit: Visit, served: Served) -> None:
    served.gateway.policy = "default-src 'self' 'unsafe-inline'"
    served.gateway.page = (
        "<!doctype html><html lang=en><title>Page</title><script src=/widget.js></script>"
        "<style>* { font-size: 3px; color: red } button { display: none }</style>"
    )
    chat = visit()
    # Its size is the reader's own setting (`medium`), never the page's.
    assert chat.field.evaluate("e => getComputedStyle(e).fontSize") == "16px"
    assert chat.field.evaluate("e => getComputedStyle(e).color") == "rgb(23, 27, 36)"
