"""Pages and records that strangers wrote to keep the checks busy: each is read in one go.

The time limits are there to end a run that would take minutes or hours; an honest one takes
milliseconds.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from qiq.checks.reputation import spf
from qiq.checks.web import html, page, signs, versions

SIZE = 262_144
PIECES = [
    "<", "<<>", "<title>", "<title ", "<script ", "<script>", "<style></style ", "<meta ", "<b><b",
    "<meta generator", "<img ", "<img src", '<img src="', "<link rel=icon href=", "</", "<!--",
    "<a " + "x" * 3_000, "fatal error: \n", "parse error:<b>", "mysql::", "İ<title>",
]  # fmt: skip


def body(piece: str) -> str:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_page_is_read_in_one_go(piece: str) -> None:
    text = body(piece)
    html.title(text)
    html.words(text)
    signs.trouble(text)
    signs.cms(text)
    page.insecure_parts(text)
    versions.alike(text, text)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("end", ["/x", " ", "{", "%"])
def test_a_record_of_macros_is_read_in_one_go(end: str) -> None:
    with suppress(spf.SpfError):
        spf.parse("include:" + "%{d}" * 2_000 + end + "!")


def test_macros_are_still_understood() -> None:
    assert spf.parse("exists:%{ir}.%{v}._spf.example").value == "%{ir}.%{v}._spf.example"
    assert spf.parse("a:%{d}/24").cidr == "/24"


def test_what_is_loaded_without_encryption_counts_and_what_is_named_does_not() -> None:
    text = """<link rel="canonical" href="http://a.example/"><a href="http://b.example/">b</a>
    <IMG alt='x' SRC='http://c.example/c.png'><link rel=stylesheet href=http://d.example/d.css>"""
    assert page.insecure_parts(text) == ["http://c.example/c.png", "http://d.example/d.css"]


def test_only_what_a_visitor_reads_counts_as_words() -> None:
    text = "<title>A</title><script>var b = '<b>'</script><p>Good <b>day</b></p><style>c{}"
    assert html.words(text) == ["a", "good", "day"]
    assert html.title("İ<title lang=en> Bäckerei </TITLE>") == "Bäckerei"
