"""Text of strangers stays text; a page's strict policy is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from . import samples
from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser
BAD = samples.ATTACK


def hacked(chat: Chat) -> bool:
    return bool(chat.page.evaluate("!!window.hacked"))


def foreign(chat: Chat) -> list[str]:
    """Elements that the widget itself never makes."""
    found: list[str] = chat.page.evaluate(
        """() => [...document.querySelector("qiq-chat").shadowRoot.querySelectorAll(
        "script,img,iframe,object,embed,style,link,video,[onerror],[onclick],[style]")]
        .map(e => e.outerHTML)"""
    )
    return found


def test_html_in_messages_names_files_domains_and_banners_stays_text(
    visit: Visit, served: Served
) -> None:
    served.gateway.brand = {"name": BAD}
    served.gateway.policy = (
        "default-src 'self' 'unsafe-inline'"  # the policy must not be what saves us
    )
    chat = visit()
    chat.say(BAD)
    checks = [{"id": BAD, "target": BAD, "status": "fail", "summary": f"220 {BAD} ESMTP"}]
    referral = {"name": BAD, "url": "https://ok.example/", "phone": BAD, "note": BAD}
    server = {"protocol": BAD, "host": BAD, "port": BAD, "security": BAD}
    settings = {"user": BAD, "servers": [server], "guide": {"title": BAD, "steps": [BAD]}}
    payload = samples.diagnosis(
        case=BAD,
        headline=BAD,
        verdict=BAD,
        certainty=BAD,
        subject={"domain": BAD, "service": BAD},
        checks=checks,
        next_steps=[BAD],
        referrals=[referral],
        settings=settings,
        receipt=BAD,
    )
    served.tell(type="progress", check=checks[0])
    served.say(BAD, custom=payload, buttons=[{"id": "b_1", "title": BAD}])
    served.say(BAD, author="staff", name=BAD)
    served.say("", custom={"type": "file", "name": BAD, "url": "/widget/files/f_none"})
    served.state("person", name=BAD)
    served.tell(type="typing", on=True)
    served.tell(type="error", code=BAD, text=BAD)
    expect(chat.page.locator("qiq-chat .bar.notice")).to_contain_text(BAD)
    expect(chat.messages).to_have_count(4)
    assert not hacked(chat)
    assert foreign(chat) == []


def test_only_safe_links_become_links(visit: Visit, served: Served) -> None:
    chat = visit()
    served.say(samples.ATTACK_LINKS + " hilfe@müller.example")
    links = chat.messages.get_by_role("link")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://ok.example/a?b=1",
        "mailto:hilfe@m%C3%BCller.example",
    ]
    assert links.first.get_attribute("rel") == "noopener noreferrer nofollow"
    assert "\u202e" not in chat.messages.inner_text()


def test_a_bad_address_of_a_referral_or_receipt_is_no_link(visit: Visit, served: Served) -> None:
    chat = visit()
    for url in ("javascript:window.hacked=1", "data:text/html,x", "//u:p@x/", ""):
        referral = {"name": f"Somebody {url}", "url": url, "phone": None}
        payload = samples.diagnosis(referrals=[referral], receipt=url, next_steps=[])
        served.say("x", custom=payload)
        expect(chat.text(f"Somebody {url}", exact=True)).to_be_attached()
    expect(chat.messages.get_by_role("link")).to_have_count(0)


def test_a_banner_cannot_plant_a_link_into_the_evidence(visit: Visit, served: Served) -> None:
    chat = visit()
    banner = {"id": "x", "status": "fail", "summary": "Call https://evil.example/ now"}
    served.say("x", custom=samples.diagnosis(checks=[banner], next_steps=[], receipt=None))
    expect(chat.text("Call https://evil.example/ now").first).to_be_visible()
    expect(chat.messages.get_by_role("link")).to_have_count(0)


def test_a_picture_from_elsewhere_is_never_asked_for(visit: Visit, served: Served) -> None:
    chat = visit()
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    for url in ("http://127.0.0.1:9/steal", "//127.0.0.1:9/steal"):
        served.say("", custom={"type": "file", "name": "shot.png", "url": url})
    expect(chat.messages).to_have_count(2)
    assert not [url for url in asked if "steal" in url]


def test_everything_works_under_a_strict_policy(visit: Visit, served: Served) -> None:
    assert "unsafe-inline" not in served.gateway.policy  # the fixture fails on any refusal
    chat = visit()
    chat.say("hello")
    served.say("Found.", custom=samples.third_party(), buttons=samples.BUTTONS)
    expect(chat.page.get_by_role("article")).to_be_visible()
    chat.menu("Turn sound on")
    chat.menu("Rate this chat")
    with chat.page.expect_download():
        chat.menu("Save the conversation")
    colour = chat.launcher.evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(11, 87, 208)"
