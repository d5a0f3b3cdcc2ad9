"""The chat widget beside two well-known ones, in the same browser: bytes, time to usable, memory.

Use: python -m bench.widget [--rounds 7] [--json]. Needs npm (the peers' packages) and Chromium.

Each round opens every page once in a fresh browser context, in turn, so that a busy moment of the
machine hits all alike. The processor is slowed down fourfold, as a middling phone is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from tests.widget.conftest import CHROMIUM, FLAGS
from tests.widget.gateway import WIDGET
from tests.widget.peers import DEEP_CHAT, RASA_WEBCHAT
from tests.widget.serving import Served

SLOWDOWN = 4


@dataclass(frozen=True)
class Subject:
    """A page with one widget, opened: the script it loads and how to tell that one can type.

    `drawn` false: it need only exist. rasa-webchat hides itself and makes no field until its own
    server has answered, so what is timed there is its window: earlier than anyone can type.
    """

    name: str
    script: Path
    html: str
    field: str
    drawn: bool = True


@dataclass(frozen=True)
class Visit:
    """One opening. `usable` in ms by the clock, `busy` in ms of processor time of the page's main
    thread until then, `heap` in bytes after a collection."""

    usable: float
    busy: float
    heap: float


# A field deep in shadow trees that is drawn and takes text.
USABLE = """([selector, drawn]) => new Promise((done, failed) => {
  setTimeout(() => failed(new Error(selector + " never came")), 30000);
  const find = root => {
    const hit = root.querySelector(selector);
    if (hit && (!drawn || hit.getClientRects().length) && !hit.disabled) return hit;
    for (const e of root.querySelectorAll("*")) {
      const inner = e.shadowRoot && find(e.shadowRoot);
      if (inner) return inner;
    }
  };
  const look = () => find(document) ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def page(script: str, body: str = "") -> str:
    return f"<!doctype html><html lang=en><title>Bench</title>{script}<body>{body}</body>"


def subjects() -> list[Subject]:
    deep = DEEP_CHAT.unpacked() / "dist" / "deepChat.bundle.js"
    rasa = RASA_WEBCHAT.unpacked() / "lib" / "index.js"
    start = (
        "<div id=chat></div><script>"
        "addEventListener('load', () => { WebChat.default({selector: '#chat', socketUrl:"
        " location.origin, title: 'Chat', hideWhenNotConnected: false,"
        " params: {storage: 'session'}});"
        " const go = () => document.querySelector('.rw-launcher')"
        " ? document.querySelector('.rw-launcher').click() : requestAnimationFrame(go); go() })"
        "</script>"
    )
    return [
        Subject("nothing", Path("/dev/null"), page("", "<textarea></textarea>"), "textarea"),
        Subject(
            "qiq-chat",
            WIDGET / "dist" / "widget.js",
            page("<script src=/widget.js data-open async></script>"),
            "textarea",
        ),
        Subject(
            "deep-chat",
            deep,
            page(
                "<script type=module src=/peer/deepChat.bundle.js></script>",
                "<deep-chat demo=true></deep-chat>",
            ),
            "#text-input",
        ),
        Subject(
            "rasa-webchat",
            rasa,
            page("<script src=/peer/index.js></script>", start),
            ".rw-conversation-container",
            drawn=False,
        ),
    ]


def app(served: Served, found: list[Subject]) -> Starlette:
    """The test gateway with the bench's pages before its own."""
    made = served.gateway.app()
    for subject in found:

        async def show(_: Any, html: str = subject.html) -> HTMLResponse:
            return HTMLResponse(html)

        made.router.routes.insert(0, Route(f"/{subject.name}.html", show))
        script = subject.script
        if script.parent != WIDGET / "dist":
            made.router.routes.insert(0, Route(f"/peer/{script.name}", file_of(script)))
    return made


def file_of(path: Path) -> Callable[[Any], Awaitable[FileResponse]]:
    async def show(_: Any) -> FileResponse:
        return FileResponse(path)

    return show


def visit(browser: Browser, url: str, subject: Subject) -> Visit:
    context = browser.new_context()
    tab = context.new_page()
    cdp = context.new_cdp_session(tab)
    cdp.send("Performance.enable")
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    tab.goto(f"{url}/{subject.name}.html", wait_until="commit")
    usable = tab.evaluate(USABLE, [subject.field, subject.drawn])
    busy = metrics(cdp)["ThreadTime"] * 1000
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    tab.wait_for_load_state("load")
    cdp.send("HeapProfiler.collectGarbage")
    heap = metrics(cdp)["JSHeapUsedSize"]
    context.close()
    return Visit(usable, busy, heap)


def metrics(cdp: Any) -> dict[str, float]:
    return {m["name"]: m["value"] for m in cdp.send("Performance.getMetrics")["metrics"]}


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Median of each figure for each widget."""
    with sync_playwright() as playwright:
        found = subjects()
        served = Served(lambda running: app(running, found))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        visits: dict[str, list[Visit]] = {subject.name: [] for subject in found}
        for number in range(rounds + 1):
            for subject in found:
                seen = visit(browser, served.url, subject)
                if number:  # the first round warms up the browser's caches
                    visits[subject.name].append(seen)
        browser.close()
        served.stop()
        return {one.name: figures(one, visits[one.name]) for one in found}


def figures(subject: Subject, visits: list[Visit]) -> dict[str, float]:
    return {
        "gzip_bytes": len(gzip.compress(subject.script.read_bytes(), 9)) if visits else 0,
        "usable_ms": statistics.median(v.usable for v in visits),
        "usable_ms_min": min(v.usable for v in visits),
        "usable_ms_max": max(v.usable for v in visits),
        "busy_ms": statistics.median(v.busy for v in visits),
        "heap_bytes": statistics.median(v.heap for v in visits),
    }


def table(result: Mapping[str, Mapping[str, float]]) -> str:
    """One line for each widget; heap without that of an empty page."""
    floor = result["nothing"]["heap_bytes"]
    lines = ["widget         gzip kB  usable ms (min-max)   busy ms   heap MB"]
    for name, one in result.items():
        spread = f"{one['usable_ms']:.0f} ({one['usable_ms_min']:.0f}-{one['usable_ms_max']:.0f})"
        size = one["gzip_bytes"] / 1000 if name != "nothing" else 0
        heap = (one["heap_bytes"] - floor) / 1e6
        lines.append(f"{name:<14} {size:>7.1f}  {spread:<20} {one['busy_ms']:>8.0f}  {heap:>8.2f}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    result = measure(options.rounds)
    print(json.dumps(result) if options.json else table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
