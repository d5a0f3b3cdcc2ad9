"""The chat as a visitor finds it on the page: by role and name, not by class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

AXE = Path(__file__).parents[2] / "widget" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Chat:
    """One tab with the widget on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator("qiq-chat .panel")
        self.launcher = page.locator("qiq-chat .launch")
        self.field = page.get_by_role("textbox", name="Write your message")
        self.log = page.get_by_role("log")
        self.messages = page.locator("qiq-chat .items .msg")
        self.offline = page.locator("qiq-chat .bar.offline")
        self.live = page.locator("qiq-chat [aria-live=polite]")

    def open(self) -> None:
        self.launcher.click()
        self.field.wait_for()

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def text(self, text: str, *, exact: bool = False) -> Locator:
        """Words on the screen, not what is read aloud."""
        return self.panel.get_by_text(text, exact=exact)

    def menu(self, name: str) -> None:
        self.button("More options").click()
        self.button(name).click()

    def texts(self) -> list[str]:
        """What the bubbles say, in order."""
        return self.page.locator("qiq-chat .items .msg .text").all_text_contents()

    def shows(self, *texts: str) -> None:
        """Exactly these messages are on the screen, in this order."""
        expect(self.page.locator("qiq-chat .items .msg .text")).to_have_text(list(texts))

    def until(self, true: str) -> None:
        """Waits for the page's own state. Under a strict policy `wait_for_function` may not."""
        self.page.evaluate(
            f"""() => new Promise((done, fail) => {{
                const look = () => {true} ? done() : setTimeout(look, 10);
                setTimeout(() => fail(new Error({true!r} + " never came true")), 15000);
                look() }})"""
        )

    def focused(self) -> str:
        """Name or text of what has the focus inside the chat."""
        return str(
            self.page.evaluate(
                """() => { const on = document.querySelector("qiq-chat").shadowRoot.activeElement;
                return on ? on.getAttribute("aria-label") || on.textContent : "" }"""
            )
        )

    def problems(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA, each with the node it is about."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG
        )
        return [
            f"{v['id']}: {n['html']} {n['any']}" for v in found["violations"] for n in v["nodes"]
        ]
