"""`qiq bench`: which parts there are, what is passed on to them, and what comes back."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qiq.bench.parts import PARTS, Part
from qiq.cli import main

ROOT = Path(__file__).parents[2]
GOOD = "import json, sys\nprint('at work')\nprint(json.dumps({'given': sys.argv[1:]}))\n"
BAD = "import sys\nprint('nothing')\nsys.exit(1)\n"


def bench(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["bench", *arguments])


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parts, of which the first misses its goal."""
    (tmp_path / "bench_bad.py").write_text(BAD)
    (tmp_path / "bench_good.py").write_text(GOOD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    parts = {"bad": Part("bench_bad", "misses"), "good": Part("bench_good", "is fine")}
    monkeypatch.setattr("qiq.cli.bench.PARTS", parts)


def test_every_part_is_a_program_that_exists() -> None:
    assert all(importlib.util.find_spec(part.module) for part in PARTS.values())


def test_every_program_below_bench_is_a_part() -> None:
    programs = {
        f"bench.{file.stem}"
        for file in (ROOT / "bench").glob("*.py")
        if "def main(" in file.read_text("utf-8")
    }
    assert programs <= {part.module for part in PARTS.values()}


def test_an_unknown_part_is_answered_with_the_names_there_are() -> None:
    found = bench("--part", "chekcs")
    assert found.exit_code == 2
    assert "'chekcs'" in found.output
    assert "checks" in found.output


@pytest.mark.usefixtures("two")
def test_a_part_that_misses_its_goal_is_named_and_the_others_still_run() -> None:
    found = bench("--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout) == {"bad": None, "good": {"given": ["--json"]}}
    assert "missed a goal: bad" in found.stderr


@pytest.mark.usefixtures("two")
def test_a_parts_own_options_are_passed_on() -> None:
    found = bench("--part", "good", "--json", "--rounds", "3")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {"good": {"given": ["--rounds", "3", "--json"]}}


@pytest.mark.usefixtures("two")
def test_options_of_a_part_without_its_name_are_refused() -> None:
    found = bench("--rounds", "3")
    assert found.exit_code == 2
    assert "--part" in found.output
