"""Which error is named when several are there, when nothing is, and when it cannot be told."""

from __future__ import annotations

import random

import pytest

from qiq.knowledge import Knowledge
from tests.knowledge.pastes import INNOCENT


def ids(known: Knowledge, text: str, context: str = "") -> list[str]:
    return [hit.entry.id for hit in known.match_errors(text, context)]


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_texts_name_no_error(text: str, known: Knowledge) -> None:
    assert ids(known, text) == []
    assert known.unknown_errors(text) == []


def test_there_are_a_hundred_innocent_texts() -> None:
    assert len(set(INNOCENT)) >= 100


def test_the_most_specific_of_several_comes_first_and_the_others_follow(known: Knowledge) -> None:
    bounce = (
        "<paul@mailgiant.example>: host mx.mailgiant.example[192.0.2.25] said:\n"
        "  554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org"
    )
    found = ids(known, bounce)
    assert found[0] == "smtp-554-blocklist"
    assert "dsn-5-7-1" in found


def test_a_sentence_beats_the_number_beside_it(known: Knowledge) -> None:
    text = "Server error: '550 5.7.1 Unable to relay for x@y.example', Error Number: 0x800CCC79"
    assert ids(known, text)[:2] == ["smtp-550-relay", "outlook-0x800ccc79"]


@pytest.mark.parametrize("text", ["I get a 550", "550", "what does error 550 mean"])
def test_a_bare_550_asks_who_said_it(text: str, known: Knowledge) -> None:
    (hit,) = known.match_errors(text)
    assert hit.ambiguous
    assert {e.id for e in hit.alternatives} == {"smtp-550", "ftp-550"}


@pytest.mark.parametrize(
    ("text", "context", "entry"),
    [
        ("I get a 550", "email_bounced", "smtp-550"),
        ("it says 550", "ftp_problem", "ftp-550"),
        ("FileZilla shows 550 for that folder", "", "ftp-550"),
        ("my mail came back with 550", "", "smtp-550"),
        ("my site says 503", "", "http-503"),
        ("error 503 in my browser", "", "http-503"),
        ("Outlook tells me error 10060", "", "outlook-socket-10060"),
    ],
)
def test_the_words_around_tell_whose_number_it_is(
    text: str, context: str, entry: str, known: Knowledge
) -> None:
    (hit,) = known.match_errors(text, context)
    assert (hit.entry.id, hit.ambiguous) == (entry, False)


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("the conection to the server was interupted", "outlook-0x800ccc0f"),
        ("Cant verify server identity", "apple-verify-identity"),
        ("Cannot verify server identity", "apple-verify-identity"),
        ("eror establishing a databse conection", "wp-db-connection"),
        ("There has been a critcal error on this webiste", "wp-critical-error"),
        ("OX800CCCOE", "outlook-0x800ccc0e"),
        ("800ccc0f", "outlook-0x800ccc0f"),
        ("Thunderbird: login to server mail.example.com failed", "tb-login-failed"),
        ("target principle name is incorrect", "outlook-target-principal"),
    ],
)
def test_typing_errors_do_not_hide_an_error(typed: str, entry: str, known: Knowledge) -> None:
    assert ids(known, typed)[0] == entry


def test_curly_quotes_and_invisible_characters_do_not_hide_an_error(known: Knowledge) -> None:
    assert ids(known, "Safari can\u2019t find the ser\u00adver") == ["safari-find"]
    assert ids(known, "ERR_CONNECTION\u200b_REFUSED") == ["cr-refused"]


def test_a_hit_points_into_the_text_as_it_was_typed(known: Knowledge) -> None:
    text = "Hi,\r\n\r\n\u201cError\u00a0 establishing a\r\ndatabase  connection\u201d is all I see"
    (hit,) = known.match_errors(text)
    assert text[hit.start : hit.end].startswith("Error")
    assert text[hit.start : hit.end].endswith("connection")


@pytest.mark.parametrize("seed", range(30))
def test_noise_never_breaks_the_matcher(seed: int, known: Knowledge) -> None:
    rng = random.Random(seed)
    alphabet = "abc 0x800cC0E 550 5.1.1 \n\r\t\u2019\u00ad\u200b>'\"(){}[]\\^$.*+?|Ünï漢字\x00"
    text = "".join(rng.choice(alphabet) for _ in range(3000))
    for hit in known.match_errors(text):
        assert 0 <= hit.start <= hit.end <= len(text)
