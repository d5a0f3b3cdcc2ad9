"""What is committed is what a visitor's browser gets: small, current, complete."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "widget"
LANGUAGES = ["de", "en", "es", "fr", "nl"]
KILOBYTE = 1000


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def texts(language: str, folder: str = "texts") -> dict[str, str]:
    loaded: dict[str, str] = json.loads((ROOT / folder / f"{language}.json").read_text("utf-8"))
    return loaded


def test_the_script_with_everything_in_it_is_under_20_kilobytes() -> None:
    assert packed(ROOT / "dist" / "widget.js") < 20 * KILOBYTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_language_costs_less_than_two_kilobytes(language: str) -> None:
    assert packed(ROOT / "dist" / "texts" / f"{language}.json") < 2 * KILOBYTE


def test_the_committed_build_is_what_the_sources_give(tools: Path, tmp_path: Path) -> None:
    env = {**os.environ, "QIQ_WIDGET_OUT": str(tmp_path)}
    subprocess.run(["npm", "run", "--silent", "build"], cwd=tools, env=env, check=True)
    for made in [path for path in tmp_path.rglob("*") if path.is_file()]:
        committed = ROOT / "dist" / made.relative_to(tmp_path)
        assert committed.read_bytes() == made.read_bytes(), f"{committed.name}: run make widget"
    assert len(list(tmp_path.rglob("*"))) == len(list((ROOT / "dist").rglob("*")))


def test_the_types_are_right(tools: Path) -> None:
    checked = subprocess.run(
        ["npm", "run", "--silent", "check"], cwd=tools, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_gaps(language: str) -> None:
    english, other = texts("en"), texts(language)
    assert list(other) == list(english)
    for key, text in other.items():
        assert text.strip(), key
        gaps = {tuple(sorted(re.findall(r"\{\w+\}", form))) for form in text.split("|")}
        assert gaps == {tuple(sorted(re.findall(r"\{\w+\}", english[key].split("|")[0])))}, key


def test_every_text_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.ts"))
    coded = re.compile(r"^(v|c|s)_")  # looked up by the server's code
    unused = [k for k in texts("en") if not coded.match(k) and not re.search(rf"\b{k}\b", source)]
    assert unused == []


def test_no_source_turns_text_into_html_or_code() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.ts"))
    sinks = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b"
    )
    assert re.findall(sinks, source) == []


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "://" not in lock


SAME_WORD = {
    "de": {"title", "server", "port"},
    "es": set(),
    "fr": {"assistant", "log", "s_pass", "tests", "port"},
    "nl": {"title", "tests", "server"},
}
"""Texts that are the same word in English."""
NAMES = {"tls", "starttls", "says"}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_language_left_a_text_in_english(language: str) -> None:
    english, other = texts("en"), texts(language)
    left = {key for key, text in other.items() if text == english[key]}
    assert left - NAMES == SAME_WORD[language]
