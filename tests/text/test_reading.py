"""Cleaning, spelling, languages and clauses."""

from __future__ import annotations

import random

import pytest

from qiq.text import noise, problems
from qiq.text.clean import clean
from qiq.text.language import detect
from qiq.text.spelling import Speller

WORDS = ("the", "my", "website", "is", "down", "server", "mail", "a", "on", "it")
SPELLER = Speller({word: rank for rank, word in enumerate(WORDS)})


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a\u200bb\ufeffc", "abc"),
        ("x\x00y\x1b[31m", "xy[31m"),
        ("  two   blanks ", "two blanks"),
        ("ｆｕｌｌ", "full"),
        ("\u202eabc", "abc"),
        ("\ud83d", ""),
        ("Grüße 😀", "Grüße 😀"),
    ],
)
def test_invisible_characters_go_and_visible_ones_stay(typed: str, seen: str) -> None:
    assert clean(typed) == seen


def test_length_is_bounded() -> None:
    assert len(clean("x" * 50_000)) == 8000


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("my webiste is dwon", "my website is down"),
        ("mywebsite isdown", "my website is down"),
        ("SERVR", "server"),
        ("example.com webiste@example.com", "example.com webiste@example.com"),
        ("Xylophon", "Xylophon"),
    ],
)
def test_slips_are_put_right_and_names_left(typed: str, read: str) -> None:
    assert SPELLER.correct(typed) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("My website is not working", "en"),
        ("Meine Webseite geht nicht mehr", "de"),
        ("hola, mi correo no funciona", "es"),
        ("Mon site ne marche plus depuis hier", "fr"),
        ("o meu site não funciona", "pt"),
        ("la mia posta non funziona", "it"),
        ("моя почта не работает", "ru"),
        ("我的网站打不开", "zh"),
        ("メールが届きません", "ja"),
        ("بريدي لا يعمل", "ar"),
        ("मेरी वेबसाइट नहीं चल रही है", "hi"),
    ],
)
def test_languages_are_told_apart(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("merci beaucoup", "fr"),
        ("J'utilise Thunderbird sur Windows 11", "fr"),
        ("Non, toujours pas", "fr"),
        ("keine Ahnung", "de"),
        ("no funciona", "es"),
        ("nie wiem", "pl"),
        ("jag vet inte", "sv"),
        ("no idea", "en"),
        ("ciao", None),
    ],
)
def test_a_short_answer_in_the_middle_of_a_talk_tells_its_language(
    text: str, code: str | None
) -> None:
    assert detect(text) == code


@pytest.mark.parametrize("text", ["", "ok", "example.com", "Outlook 365", "😀", "0x800CCC0E", "no"])
def test_too_little_to_tell_is_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_message_splits_where_another_matter_begins() -> None:
    text = "My shop is offline since noon, and also I cannot send mail. Thanks!"
    assert [clause.text for clause in problems.clauses(text)] == [
        "My shop is offline since noon",
        "also I cannot send mail.",
    ]


def test_noise_is_the_same_for_the_same_seed() -> None:
    first = noise.two_edits("my website is down", random.Random(3))
    assert first == noise.two_edits("my website is down", random.Random(3))
    assert first != "my website is down"
