from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect, sync_playwright

from .chat import Chat
from .serving import Served

expect.set_options(timeout=15_000)  # patience for a busy machine; nothing here is timed
WIDGET = Path(__file__).parents[2] / "widget"
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
def tools() -> Path:
    """The widget's development tools: bundler, type checker, axe; installed once, from the lock."""
    with (WIDGET / "package.json").open() as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)
        if not (WIDGET / "node_modules" / ".package-lock.json").exists():
            if shutil.which("npm") is None and not os.environ.get("CI"):
                pytest.skip("npm is not installed; the committed build works without it")
            subprocess.run(["npm", "ci", "--silent"], cwd=WIDGET, check=True)
    return WIDGET


# One for each file: while Playwright runs, no test of the same process can have a loop of its own.
@pytest.fixture(scope="module")
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
def visit(context: BrowserContext, served: Served) -> Iterator[Callable[..., Chat]]:
    """Opens the host's page in a tab; a script error or a refused resource fails the test."""
    errors: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text:
            errors.append(line.text)

    def open_page(path: str = "/", *, opened: bool = True) -> Chat:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", heard)
        page.goto(served.url + path)
        chat = Chat(page)
        if opened:
            chat.open()
            served.until(lambda gateway: any(talk.lines for talk in gateway.talks.values()))
        return chat

    yield open_page
    assert errors == []
