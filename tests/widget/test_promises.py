"""The table in docs/widget.md names tests that exist, and every state has its picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .states import STATES

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
PAGE = (DOCS / "widget.md").read_text("utf-8")
TABLE = PAGE.split("## Each promise and the test that shows it\n")[1].split("\n## ")[0]
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", TABLE)


def test_every_promise_names_a_test() -> None:
    rows = [row for row in TABLE.splitlines() if row.startswith("| ")][1:]
    assert rows
    assert [row for row in rows if "::test_" not in row] == []


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_what_shows_a_promise_exists(file: str, test: str) -> None:
    source = (TESTS / file).read_text("utf-8")
    assert re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), f"{file} has no {test}"


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_picture(state: str) -> None:
    assert (DOCS / "images" / f"widget-{state.replace(' ', '-')}.png").is_file()
