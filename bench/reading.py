"""How many errors in screenshots are read: dialogs drawn in Chromium, read by the product's reader.

Use: python -m bench.reading [--json]. Needs Chromium and Tesseract (Debian: tesseract-ocr). Each
dialog is read as a sharp picture, at twice the pixels, and as a JPEG of quality 50.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import io
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from playwright.sync_api import sync_playwright

from qiq.gateway.reading import Reader
from qiq.gateway.widget.files import reencode
from qiq.knowledge import load
from tests.widget.conftest import CHROMIUM, FLAGS

DIALOGS: dict[str, list[dict[str, str]]] = yaml.safe_load(
    Path(__file__).with_name("dialogs.yml").read_text("utf-8")
)
LOOKS = {
    "dialog": "width:480px;background:#fff;color:#000;font:12px sans-serif;border:1px solid #999",
    "small": "width:480px;background:#f0f0f0;color:#000;font:11px sans-serif",
    "alert": "width:520px;background:#f0f0f4;color:#15141a;font:14px sans-serif;border-radius:8px",
    "dark alert": "width:520px;background:#2b2a33;color:#fbfbfe;font:14px sans-serif",
    "page": "width:640px;background:#fff;color:#5f6368;font:15px sans-serif",
    "dark page": "width:640px;background:#202124;color:#9aa0a6;font:15px sans-serif",
    "php": "width:760px;background:#fff;color:#000;font:16px serif",
    "mac": "width:420px;background:#ececec;color:#000;font:11px sans-serif;border-radius:10px",
}
KINDS: dict[str, tuple[int, dict[str, Any]]] = {
    "1x": (1, {}),
    "2x": (2, {}),
    "jpeg": (1, {"type": "jpeg", "quality": 50}),
}


@dataclass(frozen=True)
class Shot:
    """One picture, and the words that must be read in it."""

    group: str
    kind: str
    find: str
    text: str
    picture: bytes


def page(dialog: dict[str, str]) -> str:
    code = f"<p style='font-size:12px'>{html.escape(dialog.get('code', ''))}</p>"
    return (
        "<meta charset=utf-8><body style='background:#3a6ea5;padding:60px;margin:0'>"
        f"<div style='padding:24px;{LOOKS[dialog['look']]}'>{html.escape(dialog['text'])}{code}"
        "<button>OK</button></div>"
    )


def shots() -> Iterator[Shot]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for kind, (scale, options) in KINDS.items():
            viewport = {"width": 900, "height": 420}
            tab = browser.new_page(viewport=viewport, device_scale_factor=scale)  # type: ignore[arg-type]
            for group, dialogs in DIALOGS.items():
                for one in dialogs:
                    tab.set_content(page(one))
                    text = f"{one['text']} {one.get('code', '')}"
                    yield Shot(group, kind, one["find"], text, tab.screenshot(**options))
            tab.close()
        browser.close()


async def read(found: list[Shot]) -> dict[str, Any]:
    """Of each group: pictures, those whose words were read, those whose error was recognised."""
    knowledge = load()
    result: dict[str, Any] = {g: {"pictures": 0, "read": 0, "recognised": 0} for g in DIALOGS}
    seconds = []
    missed = []
    with TemporaryDirectory() as folder:
        reader = Reader(knowledge, Path(folder))
        for number, shot in enumerate(found):
            (Path(folder) / f"{number}.png").write_bytes(reencode(shot.picture)[0])
            start = time.monotonic()
            said = await reader.read(f"{number}.png") or ""
            seconds.append(time.monotonic() - start)
            group = result[shot.group]
            group["pictures"] += 1
            group["read"] += shot.find in said
            group["recognised"] += first(knowledge, said) == first(knowledge, shot.text)
            if shot.find not in said:
                missed.append(f"{shot.group} {shot.kind}: {shot.find} | {said}")
    took = {"median": median(seconds), "max": max(seconds)}
    return {**result, "seconds": took, "missed": missed}


def first(knowledge: Any, text: str) -> str | None:
    hits = knowledge.match_errors(text)
    return hits[0].entry.id if hits else None


def table(result: dict[str, Any]) -> str:
    out = io.StringIO()
    for group in DIALOGS:
        one = result[group]
        print(f"{group:<6} {one['pictures']} pictures: {one['read']} read, ", end="", file=out)
        print(f"{one['recognised']} recognised as the same error", file=out)
    took = result["seconds"]
    print(f"seconds {took['median']:.2f} (most {took['max']:.2f})", file=out)
    for line in result["missed"]:
        print(f"  missed {line}", file=out)
    return out.getvalue().rstrip()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not Reader(load(), Path()).installed:
        print("tesseract is not installed: apt-get install tesseract-ocr", file=sys.stderr)
        return 1
    found = list(shots())
    result = asyncio.run(read(found))
    print(json.dumps(result) if options.json else table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
