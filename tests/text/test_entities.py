"""What is found in a message, and what is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qiq.evaluate.dataset import Row
from qiq.evaluate.entities import labelled_found
from qiq.evaluate.metrics import Found, Parsed
from qiq.text.entities import extract

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "nlu" / "entities.jsonl").read_text().splitlines()
]


def found(text: str) -> set[tuple[str, str]]:
    return {(entity.type, entity.id) for entity in extract(text)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_is_named_is_found(row: dict) -> None:
    parsed = Parsed("", 1.0, tuple(Found(e.type, e.start, e.end) for e in extract(row["text"])))
    pairs = tuple((kind, name) for kind, names in row["entities"].items() for name in names)
    found, labels = labelled_found([Row("", row["text"], "", (), pairs)], [parsed])
    assert found == labels


@pytest.mark.parametrize(
    "text",
    [
        "It stopped working.It says nothing",
        "I look out of the window",
        "the installation took two hours",
        "call me at 0171 2345678",
        "version 5.9.1 came out",
        "I paid 404.50 euro for it",
    ],
)
def test_ordinary_words_and_numbers_are_left_alone(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("thunder bird", ("client", "thunderbird")),
        ("out look 365", ("client", "outlook-classic-windows")),
        ("my iphon", ("os", "ios")),
        ("Kapersky", ("antivirus", "kaspersky")),
        ("xn--mller-kva.example", ("domain", "müller.example")),
        ("MÜLLER.example", ("domain", "müller.example")),
        ("http://[2001:db8::1]/x", ("url", "http://[2001:db8::1]/x")),
        ("pop on port 995", ("protocol", "POP3")),
    ],
)
def test_writings_come_out_as_one_id(text: str, wanted: tuple[str, str]) -> None:
    assert wanted in found(text)


def test_offsets_point_at_what_was_written() -> None:
    text = "Grüße, Thunderbird 128 on büro.example"
    for entity in extract(text):
        assert text[entity.start : entity.end] == entity.value


def test_a_vendor_is_only_named_when_someone_wants_to_reach_it() -> None:
    assert ("vendor", "microsoft") in found("how do I contact Microsoft")
    assert ("vendor", "microsoft") not in found("Microsoft ate my homework")


@pytest.mark.parametrize("text", ["", "\u200b" * 9000, "a." * 25_000, "@" * 50_000, "1:" * 20_000])
def test_any_text_is_survived(text: str) -> None:
    assert isinstance(extract(text), list)


@pytest.mark.parametrize("text", ["550", "it says 550", "421"])
def test_a_bare_number_that_several_kinds_of_server_use_is_no_error_by_itself(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize("text", ["550 visitors a day on my website", "I sent 500 mails"])
def test_an_amount_is_no_error(text: str) -> None:
    assert found(text) == set()


def test_a_number_is_an_error_where_the_words_around_say_whose() -> None:
    assert found("FileZilla 530") == {("app", "filezilla"), ("error_code", "ftp-530")}
    assert ("error_code", "smtp-550") in found("I get 550 when I send a mail")
