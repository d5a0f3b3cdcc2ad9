"""What a certificate warning says, read from the customer's own words."""

from __future__ import annotations

import pytest

from qiq.diagnosis.reading import issuer, read, server_name
from qiq.verdict import Complaint


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Outlook warns: issued by Avast Web/Mail Shield Root", "Avast Web/Mail Shield"),
        ("the certificate says  avast web/mail\nshield   root", "Avast Web/Mail Shield"),
        ('It says "Issued by: Zscaler Root CA" since Monday', "Zscaler Root CA"),
        ("Issuer: Bäckerei Firewall CA.", "Bäckerei Firewall CA"),
        ("the issuer is R11 but Outlook complains", "R11"),
        ("it says the certificate is not trusted", None),
        ("", None),
    ],
)
def test_the_issuer_of_a_warning_is_read(text: str, seen: str | None) -> None:
    assert issuer(text, "email_cert_warning") == seen


def test_an_issuer_in_another_complaint_is_only_believed_when_it_is_a_known_one() -> None:
    assert issuer("invoice issued by Müller Ltd", "email_cannot_send") is None
    assert issuer("ESET SSL Filter CA pops up", "email_cannot_send") == "ESET SSL Filter CA"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("server is mail.example.com, port 993", "mail.example.com"),
        ("cannot find IMAP.Example.com.", "imap.example.com"),
        ("I use mail.müller.example", "mail.müller.example"),
        ("write to info@mail.example.com", None),
        ("my mail is broken", None),
        ("www.example.com is down", None),
    ],
)
def test_the_server_name_in_a_program_is_read(text: str, name: str | None) -> None:
    assert server_name(text) == name


def test_what_was_given_explicitly_stays() -> None:
    asked = Complaint(
        "email_cert_warning", "issued by Norton Web/Mail Shield on mail.example.com",
        seen_issuer="R11", named_server="mail.qiq.example",
    )  # fmt: skip
    assert read(asked) == asked


def test_a_server_name_is_not_read_into_complaints_about_websites() -> None:
    assert read(Complaint("site_down", "mail.example.com works")).named_server is None
