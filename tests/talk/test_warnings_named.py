"""What a certificate warning says, told in the first message or later, reaches the checks."""

import pytest

from qiq.talk.aid import complaint
from qiq.verdict import Complaint
from tests.talk.conftest import Play, brings

WARNED = "a certificate warning in Apple Mail, rosebakery.example"


def warned(play: Play, text: str = WARNED) -> Play:
    play.finds = [brings("third_party", party="client_software", cause="client.mail_program")]
    return play.hears("email_cert_warning", text, domain="rosebakery.example", client="apple-mail")


def asked(play: Play) -> Complaint:
    assert play.talk.active is not None
    return complaint(play.talk.active)


@pytest.mark.parametrize(
    ("said", "issuer"),
    [
        ("it says it was issued by 'Firma Müller Proxy CA'", "Firma Müller Proxy CA"),
        ("the issuer is ESET SSL Filter CA", "ESET SSL Filter CA"),
        ("Issuer: Zscaler Root CA", "Zscaler Root CA"),
    ],
)
def test_an_issuer_told_when_asked_is_looked_into(play: Play, said: str, issuer: str):
    warned(play).hears("inform", said)
    assert "action_check" in play.acted
    assert asked(play).seen_issuer == issuer


def test_an_issuer_is_heard_however_the_words_were_understood(play: Play):
    warned(play).hears("ask_terms", "it was issued by Firma Proxy CA")
    assert "action_check" in play.acted
    assert asked(play).seen_issuer == "Firma Proxy CA"


def test_a_server_name_told_later_is_compared_with_the_certificate(play: Play):
    warned(play).hears(
        "inform", "the server is set to imap.rosebakery.example", domain="imap.rosebakery.example"
    )
    assert asked(play).named_server == "imap.rosebakery.example"


def test_the_last_word_on_an_issuer_counts(play: Play):
    warned(play, f"{WARNED}, issued by 'Some CA'").hears("inform", "no, issuer: Fiddler")
    assert asked(play).seen_issuer == "Fiddler"


def test_an_issuer_says_nothing_in_a_complaint_about_something_else(play: Play):
    play.finds = [brings("all_clear", cause="clear.nothing_named")]
    play.hears("site_down", "rosebakery.example is down, a letter signed by My Boss says so",
               domain="rosebakery.example")  # fmt: skip
    assert asked(play).seen_issuer is None
