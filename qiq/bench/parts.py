"""What `qiq bench` measures. A part is a module run as a program in the project's folder.

The module takes ``--json`` (then the last line of its output is one JSON object) and options of its
own; its exit status is 0 when everything answered and its goals were met. To add a part: write the
module and add one line to ``PARTS``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Part:
    """``module`` is run; ``title`` says in a few words what it measures."""

    module: str
    title: str


PARTS = {
    "product": Part("qiq.bench.product", "start, answers and memory"),
    "dialogue": Part("bench.dialogue", "what turn 200 of a talk costs beside turn 5"),
    "checks": Part("bench.checks", "batteries and 100 diagnoses at once"),
    "beside": Part("bench.beside", "our checks beside checkdmarc and sslyze"),
    "errors": Part("bench.errors", "finding the errors in a 10 kB paste"),
    "widget": Part("bench.widget", "the chat widget beside two others (npm, Chromium)"),
    "reading": Part("bench.reading", "errors read in screenshots (Chromium, Tesseract)"),
}


def run(part: Part, root: Path, options: Sequence[str]) -> int:
    """Exit status of ``part``, which prints for people."""
    return subprocess.run(_command(part, options), cwd=root, check=False).returncode  # noqa: S603


def figures(part: Part, root: Path, options: Sequence[str]) -> tuple[int, Any]:
    """Exit status of ``part`` and its figures; None when it printed none."""
    done = subprocess.run(  # noqa: S603 - our own command
        _command(part, [*options, "--json"]), cwd=root, check=False, stdout=subprocess.PIPE
    )
    last = done.stdout.decode(errors="replace").strip().rpartition("\n")[2]
    try:
        return done.returncode, json.loads(last)
    except ValueError:
        return done.returncode or 1, None


def _command(part: Part, options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", part.module, *options]
