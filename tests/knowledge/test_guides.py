"""Set-up guides: told apart by program and system, with no gap left open."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from qiq.knowledge import Knowledge, load

CLIENTS = sorted(load().clients)


@dataclass(frozen=True)
class Server:
    protocol: str
    host: str
    port: int
    security: str


IMAP = Server("imap", "mail.qiq.example", 993, "tls")
SUBMISSION = Server("smtp", "mail.qiq.example", 587, "starttls")
SMTPS = Server("smtp", "mail.qiq.example", 465, "tls")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("os", [None, "windows-11", "macos", "ios-18.1", "ios-16", "android"])
def test_every_guide_is_filled_completely(client: str, os: str | None, known: Knowledge) -> None:
    guide = known.setup_guide(client, os, [IMAP], [SMTPS], "zoë@müller.example")
    text = " ".join((guide.title, *guide.steps))
    assert "{" not in text
    assert "mail.qiq.example" in text
    assert "993" in text
    assert "465" in text
    assert "zoë@müller.example" in text


@pytest.mark.parametrize(
    ("client", "word"),
    [
        ("samsung-email", "security type TLS"),
        ("thunderbird-desktop", "connection security STARTTLS"),
        ("em-client", "Force usage of SSL/TLS"),
        ("evolution", "STARTTLS after connecting"),
        ("the-bat", "TLS on standard port (STARTTLS)"),
    ],
)
def test_security_is_named_as_the_program_names_it(
    client: str, word: str, known: Knowledge
) -> None:
    guide = known.setup_guide(client, None, [IMAP], [SUBMISSION])
    assert any(word in step for step in guide.steps)


@pytest.mark.parametrize(
    ("client", "os", "way"),
    [
        ("apple-mail", "ios-18.2", "Settings > Apps > Mail"),
        ("apple-mail", "iOS 16", "Settings > Mail > Accounts"),
        ("apple-mail-ios", "ios-12", "Passwords & Accounts"),
        ("apple-mail", "macos", "Other Mail Account"),
        ("outlook", "windows-11", "File > Add Account"),
        ("outlook", "macos", "Outlook > Settings > Accounts"),
        ("outlook", "android", "Add mail account"),
        ("thunderbird", "android", "Edit configuration"),
        ("kmail", None, "Settings > Add Account"),
        ("vivaldi-mail", None, "Accounts, Add account"),
    ],
)
def test_versions_and_systems_are_told_apart(
    client: str, os: str | None, way: str, known: Knowledge
) -> None:
    assert any(way in step for step in known.guide(client, os).steps)


def test_a_family_asks_which_one_when_the_system_is_not_known(known: Knowledge) -> None:
    for family in ("outlook", "apple-mail", "thunderbird"):
        assert known.client(family).ask.endswith("?")


@pytest.mark.parametrize("client", ["windows-mail", "opera-mail", "postbox", "eudora"])
def test_the_guide_of_a_gone_program_begins_with_honest_advice(
    client: str, known: Knowledge
) -> None:
    first = known.guide(client, "windows-10").steps[0]
    assert "no longer" in first or "no updates" in first
    assert "on the server" in first


def test_no_way_in_is_said_plainly(known: Knowledge) -> None:
    with pytest.raises(ValueError, match=r"hosting\.yml"):
        known.setup_guide("outlook", "windows", [], [SMTPS])


def test_guides_exist_for_more_than_ten_programs(known: Knowledge) -> None:
    assert len(set(known.guides) - {"mail-client"}) >= 16
