"""A widget made for Rasa, as its makers published it, in a real talk with the gateway."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.routing import Route as Path
from starlette.staticfiles import StaticFiles

from tests.gateway.conftest import FakeRasa, Stage, line, settings_with

from . import samples
from .peers import RASA_WEBCHAT
from .test_real_gateway import Servers, servers

pytestmark = pytest.mark.browser
__all__ = ["servers"]

PAGE = """<!doctype html><html lang=en><title>A shop</title><h1>A shop</h1><div id=chat></div>
<script src=/peer/lib/index.js></script>
<script>WebChat.default({{selector: '#chat', socketUrl: '{gateway}', title: 'Support',
  customMessageDelay: () => 0, params: {{storage: 'session'}}}});</script>"""


@pytest.fixture
def shop(servers: Servers, context: BrowserContext) -> tuple[Stage, str]:
    """A host's website with their old widget, and the gateway it is allowed to use."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    place: dict[str, str] = {}

    async def page(_: Request) -> HTMLResponse:
        return HTMLResponse(PAGE.format(**place))

    peer = Mount("/peer", StaticFiles(directory=RASA_WEBCHAT.unpacked()))
    website = servers.website(Starlette(routes=[Path("/", page), peer]))
    channels = {"widget": {"origins": [website], "socketio": True}}
    stage = servers.gateway(FakeRasa(script=diagnosing), settings=settings_with(channels=channels))
    place["gateway"] = stage.url

    def only_here(route: Route) -> None:
        if "//127.0.0.1:" in route.request.url:
            route.continue_()
        else:
            route.abort()  # it asks for a font from a stranger's server

    context.route("**/*", only_here)
    return stage, website


async def diagnosing(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    if body["press"]:
        yield line(type="message", text=f"You pressed: {body['text']}")
    else:
        payload = samples.diagnosis(receipt=None, headline=None)
        press = {"intent": "ask_human", "entities": {}}
        buttons = [{"title": "Talk to a person", "press": press}]
        banner = "[log in](https://evil.example) <javascript:x>"
        text = f"{samples.HEADLINE}\n- Error: {banner}\n- Zweite Zeile"
        yield line(type="message", text=text, custom=payload, buttons=buttons)
    yield line(type="end", ok=True)


class Webchat:
    """The other widget as a visitor finds it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.field = page.locator(".rw-new-message")
        self.answers = page.locator(".rw-response")

    def open(self) -> None:
        self.page.locator(".rw-launcher").click()

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")


def test_a_talk_with_rasa_webchat(shop: tuple[Stage, str], context: BrowserContext) -> None:
    stage, website = shop
    chat = Webchat(context.new_page(), website)
    chat.open()
    chat.say("Outlook can't reach müller.example")
    expect(chat.answers.first).to_contain_text(samples.HEADLINE)
    expect(chat.answers.first.get_by_text("Zweite Zeile")).to_be_visible()
    # It makes a link of any bare address; what must not be is one behind other words, or a script.
    links = chat.page.locator(".rw-response a[href]").all()
    assert [(one.text_content(), one.get_attribute("href")) for one in links] == [
        ("https://evil.example", "https://evil.example")
    ]
    chat.page.locator(".rw-reply").get_by_text("Talk to a person").click()
    expect(chat.answers.last).to_contain_text("You pressed: Talk to a person")
    assert [heard["text"] for heard in stage.rasa.heard] == [
        "Outlook can't reach müller.example",
        "Talk to a person",
    ]
    assert stage.rasa.heard[1]["press"]["intent"] == "ask_human"


def test_rasa_webchat_goes_on_after_a_reload(
    shop: tuple[Stage, str], context: BrowserContext
) -> None:
    stage, website = shop
    chat = Webchat(context.new_page(), website)
    chat.open()
    chat.say("one")
    expect(chat.answers).to_have_count(1)
    conversation = stage.rasa.heard[0]["conversation"]
    chat.page.goto("about:blank")
    stage.house.desk.append(conversation, "bot", "message", {"text": "It works again."}, key="w")
    chat.page.goto(website)
    expect(chat.answers).to_have_count(2)
    expect(chat.answers.last).to_contain_text("It works again.")
    chat.say("two")
    expect(chat.answers).to_have_count(3)
    assert {heard["conversation"] for heard in stage.rasa.heard} == {conversation}
