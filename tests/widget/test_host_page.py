"""What the host's page can do with it: tag, attributes, events, calls, other origins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from . import samples
from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser
EVENTS = ["open", "close", "message", "verdict", "handover", "unread", "connection", "rating"]


def page(tag: str = "<script src=/widget.js async></script>", rest: str = "") -> str:
    return f"<!doctype html><html lang=en><title>Page</title>{tag}<body>{rest}"


def heard(chat: Chat) -> list[list[Any]]:
    found: list[list[Any]] = chat.page.evaluate("window.heard")
    return found


def listen(chat: Chat) -> None:
    chat.page.evaluate(
        """names => { window.heard = []; for (const name of names)
        addEventListener("qiq:" + name, e => heard.push([name, e.detail])) }""",
        EVENTS,
    )


def test_the_page_hears_what_happens(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    listen(chat)
    chat.open()
    served.until(lambda gateway: gateway.talks and gateway.talk.lines)
    served.say("Found.", custom=samples.diagnosis())
    served.state("person", name="Zoë")
    expect(chat.text("Zoë from our team is with you")).to_be_visible()
    chat.button("Close the chat").click()
    served.say("Still there?", author="staff", name="Zoë")
    expect(chat.page.locator("qiq-chat .unread")).to_have_text("1")
    events = heard(chat)
    assert [name for name, _ in events] == [
        "open", "message", "verdict", "handover", "close", "message", "unread"
    ]  # fmt: skip
    details = {name: detail for name, detail in events}
    assert details["verdict"]["verdict"] == "host_fault"
    assert details["verdict"]["cause"] == "mail.imap.refused"
    assert details["handover"] == {"holder": "person", "name": "Zoë"}
    assert details["message"]["text"] == "Still there?"
    assert details["unread"] == {"count": 1}


def test_the_page_hears_readiness_lost_lines_and_ratings(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    chat.page.evaluate(
        """() => { window.ready = 0; addEventListener("qiq:ready", () => ready++);
        document.body.append(document.querySelector("qiq-chat")) }"""
    )
    assert chat.page.evaluate("ready") == 1
    listen(chat)
    chat.open()
    served.until(lambda gateway: gateway.talks and gateway.talk.lines)
    served.drop_lines()
    expect(chat.live).to_contain_text("Connected again.")
    chat.menu("Rate this chat")
    chat.button("5 stars out of 5").click()
    served.until(lambda gateway: [f for f in gateway.frames if f["type"] == "rating"])
    chat.until("heard.length === 4")
    assert heard(chat) == [
        ["open", {}],
        ["connection", {"online": False}],
        ["connection", {"online": True}],
        ["rating", {"stars": 5}],
    ]


def test_the_page_can_open_say_and_close(visit: Visit, served: Served) -> None:
    chat = visit(opened=False)
    chat.page.evaluate("qiq.open()")
    expect(chat.panel).to_be_visible()
    chat.page.evaluate("qiq.send('My order 17 is missing')")
    chat.shows("My order 17 is missing")
    chat.page.evaluate("qiq.close()")
    expect(chat.panel).not_to_be_visible()
    chat.page.evaluate("document.querySelector('qiq-chat').toggle()")
    expect(chat.panel).to_be_visible()


def test_calls_made_before_the_script_came_are_done(visit: Visit, served: Served) -> None:
    served.gateway.policy = "default-src 'self' 'unsafe-inline'"
    early = "<script>qiq = [['setCustomer', 'jwt-früh'], ['open']]</script>"
    served.gateway.page = page(early + "<script src=/widget.js async></script>")
    chat = visit(opened=False)
    expect(chat.panel).to_be_visible()
    served.until(lambda gateway: gateway.talks and gateway.talk.customer == "jwt-früh")


def test_a_signed_in_customer_is_handed_over_by_attribute_and_later_by_call(
    visit: Visit, served: Served
) -> None:
    served.gateway.page = page("<script src=/widget.js data-customer=jwt-1 async></script>")
    chat = visit()
    assert served.gateway.talk.customer == "jwt-1"
    chat.page.evaluate("qiq.setCustomer('jwt-2')")
    served.until(lambda gateway: gateway.talk.customer == "jwt-2")
    chat.say("who am I?")
    chat.shows("who am I?")
    assert len(served.gateway.talks) == 1


def test_the_tag_decides_name_side_theme_and_whether_it_opens(visit: Visit, served: Served) -> None:
    served.gateway.page = page(
        "<script src=/widget.js data-open data-name='Blümchen' data-side=start"
        " data-theme=dark async></script>"
    )
    chat = visit(opened=False)
    expect(chat.panel.get_by_role("heading", name="Blümchen")).to_be_visible()
    expect(chat.page.locator("qiq-chat .root")).to_have_attribute("data-theme", "dark")
    box = chat.launcher.bounding_box()
    assert box is not None
    assert box["x"] < 200


def test_the_tag_decides_direction_and_the_way_to_the_gateway(visit: Visit, served: Served) -> None:
    tag = "<script src=/widget.js data-dir=rtl data-transport=sse async></script>"
    served.gateway.page = page(tag)
    chat = visit()
    expect(chat.page.locator("qiq-chat .root")).to_have_attribute("dir", "rtl")
    chat.say("by the stream")
    served.say("heard")
    chat.shows("by the stream", "heard")
    assert not served.gateway.sockets


def test_colours_follow_the_pages_own_properties(visit: Visit, served: Served) -> None:
    served.gateway.policy = "default-src 'self' 'unsafe-inline'"
    style = "<style>qiq-chat { --qiq-accent: #7a1f8f; --qiq-radius: 4px }</style>"
    served.gateway.page = page(rest=style)
    chat = visit()
    assert chat.launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(122, 31, 143)"
    assert chat.panel.evaluate("e => getComputedStyle(e).borderTopLeftRadius") == "4px"


def test_after_a_logout_nothing_of_the_talk_stays(visit: Visit, served: Served) -> None:
    served.gateway.page = page("<script src=/widget.js data-customer=jwt-1 async></script>")
    chat = visit()
    chat.say("my secret trouble")
    chat.shows("my secret trouble")
    chat.page.evaluate("qiq.setCustomer(null)")
    chat.shows()
    served.until(lambda gateway: len(gateway.talks) == 2)
    assert served.gateway.talk.customer is None


def test_a_logout_told_by_the_next_page_leaves_nothing_of_the_talk(
    visit: Visit, served: Served
) -> None:
    served.gateway.page = page("<script src=/widget.js data-customer=jwt-1 async></script>")
    chat = visit()
    chat.say("my secret trouble")
    chat.shows("my secret trouble")
    served.gateway.page = page()
    chat.page.reload()
    chat.shows("my secret trouble")
    chat.page.evaluate("qiq.setCustomer(null)")
    chat.shows()
    served.until(lambda gateway: len(gateway.talks) == 2 and gateway.talk.lines)
    chat.say("a stranger's question")
    chat.page.evaluate("qiq.setCustomer(null)")  # every page for strangers may say so
    chat.page.reload()
    chat.shows("a stranger's question")


def test_a_logout_while_a_session_is_being_opened_counts(visit: Visit, served: Served) -> None:
    served.gateway.page = page("<script src=/widget.js data-customer=jwt-1 async></script>")
    chat = visit()
    chat.say("my secret trouble")
    chat.shows("my secret trouble")
    held: list[Route] = []
    chat.page.route(
        "**/widget/session", lambda route: route.continue_() if held else held.append(route)
    )
    with chat.page.expect_request("**/widget/session"):
        chat.page.evaluate("qiq.setCustomer('jwt-2')")
    chat.page.evaluate("qiq.setCustomer(null)")
    held[0].continue_()
    chat.shows()
    served.until(lambda gateway: len(gateway.talks) == 2 and gateway.talk.lines)


def test_taken_away_and_put_back_after_a_logout_it_signs_nobody_in(
    visit: Visit, served: Served
) -> None:
    served.gateway.page = page("<script src=/widget.js data-customer=jwt-1 async></script>")
    chat = visit()
    chat.page.evaluate("qiq.setCustomer(null)")
    served.until(lambda gateway: len(gateway.talks) == 2 and gateway.talk.lines)
    chat.page.evaluate("window.kept = document.querySelector('qiq-chat'); kept.remove()")
    served.until(lambda gateway: not gateway.talk.lines)
    chat.page.evaluate("document.body.append(kept)")
    served.until(lambda gateway: gateway.talk.lines)
    assert served.gateway.talk.customer is None


LANGUAGES = {
    "de": "Nachricht schreiben",
    "fr-CA": "Écrivez votre message",
    "es": "Escriba su mensaje",
    "nl": "Schrijf uw bericht",
    "tlh": "Write your message",
}


def test_it_speaks_the_pages_language(visit: Visit, served: Served) -> None:
    chat = visit()
    for lang, words in LANGUAGES.items():
        served.gateway.page = page().replace("lang=en", f"lang={lang}")
        chat.page.reload()
        expect(chat.page.get_by_role("textbox", name=words)).to_be_visible()
        spoken = "en" if lang == "tlh" else lang[:2]
        expect(chat.page.locator("qiq-chat .root")).to_have_attribute("lang", spoken)


def test_the_language_can_change_in_mid_talk(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.field.fill("half writ")
    chat.page.evaluate("document.querySelector('qiq-chat').lang = 'de'")
    field = chat.page.get_by_role("textbox", name="Nachricht schreiben")
    expect(field).to_have_value("half writ")
    expect(chat.button("Mit einem Menschen sprechen")).to_be_visible()


def test_english_stays_where_a_language_cannot_be_had(visit: Visit, served: Served) -> None:
    served.gateway.page = page().replace("lang=en", "lang=de")
    chat = visit(opened=False)
    chat.page.route("**/texts/*", lambda route: route.abort())
    chat.page.reload()
    chat.open()
    chat.say("hallo")
    chat.shows("hallo")


@pytest.fixture
def elsewhere() -> Iterator[Served]:
    """The host's own website, on another origin than the gateway."""
    server = Served()
    yield server
    server.stop()


def test_it_works_from_another_origin_with_an_integrity_hash(
    visit: Visit, served: Served, elsewhere: Served
) -> None:
    from scripts.widget_snippet import snippet

    elsewhere.gateway.page = page(snippet(served.url))
    ws = served.url.replace("http", "ws")
    elsewhere.gateway.policy = (
        f"default-src 'self'; script-src {served.url}; connect-src {served.url} {ws}"
    )
    chat = visit(opened=False)
    chat.page.goto(elsewhere.url)
    chat.open()
    chat.say("from afar")
    chat.shows("from afar")
    assert served.gateway.talks
    assert not elsewhere.gateway.talks


def test_a_changed_script_is_refused_by_its_hash(
    visit: Visit, served: Served, elsewhere: Served
) -> None:
    from scripts.widget_snippet import snippet

    elsewhere.gateway.page = page(snippet(served.url))
    elsewhere.gateway.policy = f"script-src {served.url}"
    chat = visit(opened=False)
    chat.page.route(
        "**/widget.js*",
        lambda route: route.fulfill(
            body="window.hacked = 1", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    chat.page.goto(elsewhere.url)
    assert chat.page.evaluate("[window.hacked, customElements.get('qiq-chat')]") == [None, None]


def test_an_element_placed_by_the_page_is_used(visit: Visit, served: Served) -> None:
    served.gateway.page = page(rest="<qiq-chat name='Mine' open></qiq-chat>")
    chat = visit(opened=False)
    expect(chat.panel.get_by_role("heading", name="Mine")).to_be_visible()
    assert chat.page.locator("qiq-chat").count() == 1


def test_taken_away_it_closes_its_line_and_put_back_it_goes_on(
    visit: Visit, served: Served
) -> None:
    chat = visit()
    chat.say("one")
    chat.shows("one")
    chat.page.evaluate("window.kept = document.querySelector('qiq-chat'); kept.remove()")
    served.until(lambda gateway: not gateway.talk.lines)
    chat.page.evaluate("document.body.append(kept)")
    chat.shows("one")
    chat.say("two")
    chat.shows("one", "two")


def test_the_snippet_names_the_committed_script(served: Served) -> None:
    from scripts.widget_snippet import integrity, snippet

    tag = snippet("https://chat.example/")
    assert tag.startswith('<script src="https://chat.example/widget.js"')
    assert f'integrity="{integrity()}"' in tag
    assert json.dumps(integrity()).startswith('"sha384-')
