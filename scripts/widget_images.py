"""Makes the pictures of the chat in docs/images: each state in light and dark, side by side.

Use: python -m scripts.widget_images [state ...]
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.widget.chat import Chat
from tests.widget.conftest import CHROMIUM, FLAGS
from tests.widget.serving import Served
from tests.widget.states import STATES, reach

IMAGES = Path(__file__).parents[1] / "docs" / "images"
DESKTOP = {"width": 500, "height": 840}
PHONE = {"width": 360, "height": 680}
ZOOMED = {"width": 320, "height": 256}
PAPER = {"light": "#dfe6f1", "dark": "#0a0c10"}


def shoot(
    browser: Browser, state: str, scheme: str, size: dict[str, int], extra: str
) -> Image.Image:
    """One state in one colour scheme, on a page of its own."""
    served = Served()
    served.gateway.policy = "default-src 'self' 'unsafe-inline'"
    served.gateway.page = (
        f"<!doctype html><html lang=en {extra}><title>Page</title>"
        f"<style>body{{background:{PAPER[scheme]}}}</style><script src=/widget.js async></script>"
    )
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        forced_colors="active" if "forced" in extra else "none",
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(served.url)
    reach(state, Chat(page), served)
    picture = page.screenshot()
    context.close()
    served.stop()
    return Image.open(io.BytesIO(picture)).convert("RGB")


def pair(browser: Browser, state: str, size: dict[str, int], name: str, extra: str = "") -> None:
    """Light and dark side by side."""
    left, right = (shoot(browser, state, scheme, size, extra) for scheme in ("light", "dark"))
    both = Image.new("RGB", (left.width * 2, left.height))
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    IMAGES.mkdir(parents=True, exist_ok=True)
    # This palette keeps rare colours (a sign) as they are; the dithering keeps shadows smooth.
    palette = both.quantize(256, Image.Quantize.MAXCOVERAGE)
    small = both.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    small.save(IMAGES / f"widget-{name}.png", optimize=True)


def main(states: list[str]) -> int:
    unknown = [state for state in states if state not in STATES]
    if unknown:
        print(f"No state {unknown[0]!r}; there are: {', '.join(STATES)}.", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for state in states or STATES:
            pair(browser, state, DESKTOP, state.replace(" ", "-"))
        if not states:
            pair(browser, "host fault", PHONE, "phone")
            pair(browser, "checking", ZOOMED, "zoom-400")
            pair(browser, "third party", DESKTOP, "right-to-left", "dir=rtl")
            pair(browser, "host fault", DESKTOP, "forced-colours", "class=forced")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
