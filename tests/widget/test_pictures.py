"""Screenshots: chosen, pasted, judged by content, shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from . import samples
from .chat import Chat
from .serving import Served

Visit = Callable[..., Chat]
pytestmark = pytest.mark.browser


def picture(kind: str) -> bytes:
    if kind == "PNG":
        return samples.png()
    out = io.BytesIO()
    Image.open(io.BytesIO(samples.png())).save(out, kind)
    return out.getvalue()


def choose(chat: Chat, name: str, data: bytes) -> None:
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Attach a screenshot").click()
    chooser.value.set_files(FilePayload(name=name, mimeType="image/png", buffer=data))


def test_screenshots_are_sent_with_their_text_and_shown(visit: Visit, served: Served) -> None:
    chat = visit()
    for kind in ("PNG", "JPEG", "WEBP"):
        choose(chat, f"Fehler größer {kind}", picture(kind))
        expect(chat.button(f"Remove Fehler größer {kind}")).to_be_visible()
        chat.say(f"this is {kind}")
        name = f"Screenshot: Fehler größer {kind}"
        expect(chat.page.get_by_role("img", name=name)).to_be_visible()
    said = [event["text"] for event in served.gateway.talk.events]
    assert said == ["", "this is PNG", "", "this is JPEG", "", "this is WEBP"]
    assert next(name for name, _ in served.gateway.files.values()) == "Fehler größer PNG"
    assert next(data for _, data in served.gateway.files.values()) == picture("PNG")


def test_a_screenshot_can_be_pasted_and_taken_back(visit: Visit, served: Served) -> None:
    chat = visit()
    chat.field.evaluate(
        """(field, bytes) => { const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "shot.png", {type: "image/png"}));
        field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true})) }""",
        list(samples.png()),
    )
    chat.button("Remove shot.png").click()
    chat.say("no picture after all")
    chat.shows("no picture after all")
    assert not served.gateway.files


REFUSED = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='hacked=1'/>", "PNG, JPEG or WebP"),
    "large": (bytes(5_000_001), "larger than 5 MB"),
    "broken": (b"\x89PNG\r\n\x1a\nnot really", "PNG, JPEG or WebP"),
    "program": (b"MZ" + bytes(100), "PNG, JPEG or WebP"),
}


def test_what_is_no_picture_is_refused_with_the_reason(
    visit: Visit, served: Served, tmp_path: Path
) -> None:
    chat = visit()
    for name, (data, words) in REFUSED.items():
        file = tmp_path / f"{name}.png"
        file.write_bytes(data)
        with chat.page.expect_file_chooser() as chooser:
            chat.button("Attach a screenshot").click()
        chooser.value.set_files(file)
        notice = chat.page.locator("qiq-chat .bar.notice")
        expect(notice).to_contain_text(words)
        chat.button("Close this notice").click()
    chat.say("text only")
    chat.shows("text only")
    assert not served.gateway.files


def test_a_picture_that_cannot_be_sent_stays_to_be_sent_again(visit: Visit, served: Served) -> None:
    chat = visit()
    choose(chat, "shot.png", samples.png())
    chat.page.context.set_offline(True)
    chat.button("Send").click()
    expect(chat.text("The picture could not be sent.")).to_be_visible()
    chat.page.context.set_offline(False)
    chat.button("Send").click()
    expect(chat.page.get_by_role("img", name="Screenshot: shot.png")).to_be_visible()
    assert len(served.gateway.files) == 1
