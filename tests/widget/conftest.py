from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .serving import Served

CHROMIUM = os.environ.get("QIQ_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip(f"no Chromium at {CHROMIUM}; install Debian's package chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    yield server
    server.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext, served: Served) -> Callable[..., Page]:
    """Opens the host's page in a tab; a script error or a refused resource fails the test."""
    errors: list[str] = []

    def refused(line: str) -> None:
        if "Content Security Policy" in line:
            errors.append(line)

    def open_page(path: str = "/", *, chat: bool = True, errors_allowed: bool = False) -> Page:
        page = context.new_page()
        if not errors_allowed:
            page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: (
                errors.append(line.text) if "Content Security Policy" in line.text else None
            ),
        )
        page.goto(served.url + path)
        if chat:
            page.get_by_role("button", name="Open the support chat").click()
            page.get_by_role("textbox", name="Write your message").wait_for()
        return page

    yield open_page
    assert errors == []
