"""What a quoted error adds to a complaint: checks, a side, and where it happened."""

from __future__ import annotations

import pytest

from qiq.diagnosis.quoted import read_quoted, with_checks
from qiq.verdict import Complaint


def asked(text: str, intent: str = "email_cannot_connect", **more: object) -> Complaint:
    return Complaint(intent, text, **more)  # type: ignore[arg-type]


def test_an_error_of_another_service_brings_its_checks() -> None:
    complaint, more = read_quoted(
        asked("FileZilla says 530 Login authentication failed over FTP", "site_not_updating")
    )
    assert "ftp" in with_checks(("web",), more, verified=False)
    assert "customer_account" in complaint.error_sides


def test_account_facts_are_looked_at_only_for_who_is_verified() -> None:
    _, more = read_quoted(asked("552 5.2.2 Mailbox full", "email_bounced"))
    assert "account" in more
    assert "account" not in with_checks(("mail",), more, verified=False)
    assert "account" in with_checks(("mail",), more, verified=True)


@pytest.mark.parametrize(
    ("text", "battery"),
    [
        ("it shows 0x8ABCDEF0 on port 993", "mail"),
        ("ftps gives NS_ERROR_WEIRD_FAILED", "ftp"),
        ("HTTP NS_ERROR_WEIRD_FAILED in the browser", "web"),
    ],
)
def test_the_protocol_beside_an_unknown_error_picks_the_checks(text: str, battery: str) -> None:
    assert read_quoted(asked(text))[1] == (battery,)


def test_an_address_on_the_web_is_no_protocol_of_an_error() -> None:
    assert read_quoted(asked("NS_ERROR_WEIRD_FAILED, see https://müller.example"))[1] == ()


def test_host_and_port_beside_an_unknown_error_are_used_unless_given() -> None:
    text = "NS_ERROR_WEIRD_FAILED while talking to box.müller.example:995"
    found, _ = read_quoted(asked(text))
    assert (found.named_server, found.port, found.protocol) == ("box.müller.example", 995, "pop3")
    given, _ = read_quoted(asked(text, named_server="mail.example.com", protocol="imap"))
    assert (given.named_server, given.protocol) == ("mail.example.com", "imap")


def test_a_message_without_an_error_stays_as_it_is() -> None:
    complaint = asked("my mail does not work since Monday")
    assert read_quoted(complaint) == (complaint, ())
