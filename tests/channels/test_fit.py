"""An answer reaches every platform whole, whatever the platform takes at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiq.gateway.messenger.fit import chosen, fit, split
from qiq.gateway.messenger.model import Button, Limits, Outgoing

BUTTONS = tuple(Button(f"b_{n}", f"Möglichkeit {n}") for n in range(1, 6))


@given(st.text(max_size=3000), st.integers(20, 400))
def test_no_part_is_too_long_and_no_word_is_lost(text, limit):
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_long_text_is_cut_after_a_sentence():
    text = "The server is fine. " * 20
    assert all(part.endswith(".") for part in split(text.strip(), 100))


def test_buttons_hang_on_the_last_piece():
    pieces = fit(Outgoing("Sentence one. " * 30, BUTTONS), Limits(200, 13, 20))
    assert len(pieces) > 1
    assert [piece.buttons for piece in pieces[:-1]] == [()] * (len(pieces) - 1)
    assert pieces[-1].buttons == BUTTONS


@pytest.mark.parametrize("limits", [Limits(2000), Limits(2000, 3, 20), Limits(2000, 13, 8)])
def test_what_does_not_fit_as_buttons_is_numbered(limits):
    (piece,) = fit(Outgoing("Which one?", BUTTONS), limits)
    assert piece.buttons == ()
    assert "1. Möglichkeit 1\n2. Möglichkeit 2" in piece.text


@pytest.mark.parametrize(
    ("typed", "id"), [("2", "b_2"), (" 2. ", "b_2"), ("2)", "b_2"), ("möglichkeit 3", "b_3")]
)
def test_a_number_or_the_title_chooses(typed, id):
    assert chosen(typed, BUTTONS).id == id


@pytest.mark.parametrize("typed", ["0", "6", "12", "2 of them", "", "-1", "my port is 2"])
def test_anything_else_is_a_message(typed):
    assert chosen(typed, BUTTONS) is None


def test_the_receipt_link_is_not_cut():
    link = "https://bot.qiq.example/receipt/abcdefghijklmnopqrstuvwx"
    pieces = fit(Outgoing("All fine. " * 40, (), link), Limits(300))
    assert pieces[-1].text.endswith(link)
