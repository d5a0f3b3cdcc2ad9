"""The widget and the real gateway together, with a pretend Rasa behind them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from scripts.widget_snippet import snippet
from tests.gateway.conftest import PATIENCE, FakeRasa, Stage, Theatre, line, serving, settings_with

from . import samples
from .chat import Chat

pytestmark = pytest.mark.browser


@contextmanager
def loop() -> Iterator[Callable[[Any], Any]]:
    """An event loop on a thread: Playwright's calls here are synchronous."""
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever, daemon=True)
    thread.start()

    def run(work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, running)
        return future.result(60)

    async def cancel_rest() -> None:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    yield run
    run(cancel_rest())
    running.call_soon_threadsafe(running.stop)
    thread.join(10)


@dataclass
class Servers:
    """Starts what a test needs; all of it ends with the test."""

    state: Path
    run: Callable[[Any], Any]
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def gateway(self, rasa: FakeRasa | None = None, **options: Any) -> Stage:
        opening = Theatre(self.state).open(rasa, **options)
        stage: Stage = self.run(self.stack.enter_async_context(opening))
        return stage

    def website(self, app: Starlette) -> str:
        url: str = self.run(self.stack.enter_async_context(serving(app)))
        return url


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    with loop() as run:
        made = Servers(tmp_path, run)
        yield made
        run(made.stack.aclose())


def visit(context: BrowserContext, url: str) -> Chat:
    page = context.new_page()
    page.goto(url)
    chat = Chat(page)
    chat.launcher.wait_for()
    if not chat.panel.is_visible():
        chat.open()
    return chat


async def diagnosing(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    yield line(type="message", text="I am testing it now.")
    payload = samples.diagnosis(receipt=None, headline=None)
    yield line(type="message", text=samples.HEADLINE, custom=payload)
    yield line(type="end", ok=True)


def test_a_talk_with_buttons_survives_a_reload(context: BrowserContext, servers: Servers) -> None:
    stage = servers.gateway()
    chat = visit(context, stage.url)
    chat.say("Müller hier")
    chat.shows("Müller hier", "You said: Müller hier")
    chat.button("Ja, bitte").click()
    expected = ["Müller hier", "You said: Müller hier", "Ja, bitte", "You said: Ja, bitte"]
    chat.shows(*expected)
    chat.page.reload()
    chat.shows(*expected)
    assert stage.rasa.heard[1]["press"]["intent"] == "affirm"


def test_a_diagnosis_is_a_card_with_its_receipt(context: BrowserContext, servers: Servers) -> None:
    stage = servers.gateway(FakeRasa(script=diagnosing))
    chat = visit(context, stage.url)
    chat.say("Outlook is broken")
    expect(chat.page.get_by_role("heading", name="The fault is on our side")).to_be_visible()
    receipt = chat.page.get_by_role("link", name="Open the full report").get_attribute("href")
    assert str(receipt).startswith(f"{stage.url}/receipt/")


def test_where_websockets_are_blocked_the_talk_goes_on(
    context: BrowserContext, servers: Servers
) -> None:
    context.route_web_socket("**/widget/ws", lambda ws: ws.close(code=1011))
    chat = visit(context, servers.gateway().url)
    chat.say("über den Umweg")
    chat.shows("über den Umweg", "You said: über den Umweg")


def test_a_screenshot_goes_there_and_back(context: BrowserContext, servers: Servers) -> None:
    chat = visit(context, servers.gateway().url)
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Attach a screenshot").click()
    file = FilePayload(name="error.png", mimeType="image/png", buffer=samples.png())
    chooser.value.set_files(file)
    # Each step is waited for by what the visitor sees of it, so a slow machine changes nothing.
    expect(chat.button("Remove error.png")).to_be_visible()
    with chat.page.expect_response("**/widget/files", timeout=PATIENCE * 1000) as taken:
        chat.button("Send").click()
    assert taken.value.ok
    shown = chat.page.get_by_role("img", name="Screenshot")
    expect(shown).to_be_visible(timeout=PATIENCE * 1000)


def test_waiting_for_a_person_and_their_coming_are_seen(
    context: BrowserContext, servers: Servers
) -> None:
    stage = servers.gateway()
    chat = visit(context, stage.url)
    chat.say("hello")
    chat.shows("hello", "You said: hello")
    conversation = stage.rasa.heard[0]["conversation"]
    stage.house.desk.hand_over(conversation, "asked", "Mail of müller.example")
    expect(chat.button("Back to the assistant")).to_be_visible()
    stage.house.desk.join_person(conversation, "Zoë")
    expect(chat.text("Zoë from our team is with you")).to_be_visible()
    chat.say("Thank you for coming")
    expect(chat.messages.last).to_contain_text("Thank you for coming")
    assert len(stage.rasa.heard) == 1


@pytest.mark.parametrize("listed", [True, False])
def test_another_website_can_have_it_only_when_it_is_listed(
    context: BrowserContext, servers: Servers, listed: bool
) -> None:
    place: dict[str, str] = {}

    async def page(_: Request) -> HTMLResponse:
        return HTMLResponse(f"<!doctype html><html lang=en>{snippet(place['gateway'])}<body>")

    url = servers.website(Starlette(routes=[Route("/", page)]))
    channels = {"widget": {"origins": [url] if listed else []}}
    stage = servers.gateway(settings=settings_with(channels=channels))
    place["gateway"] = stage.url
    chat = visit(context, url)
    chat.say("from the host's site")
    if listed:
        chat.shows("from the host's site", "You said: from the host's site")
    else:
        expect(chat.text("Waiting to be sent")).to_be_visible()
        expect(chat.offline).to_be_visible()
        assert stage.rasa.heard == []
