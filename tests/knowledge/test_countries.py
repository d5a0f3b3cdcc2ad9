"""Which country a customer is in, and what that changes about the doors they are given."""

from __future__ import annotations

import pytest

from qiq.knowledge import Knowledge
from qiq.knowledge.countries import of_languages


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("the Microsoft number in the US?", "US"),
        ("I am in the U.S.", "US"),
        ("can you call us?", ""),
        ("Ich bin in Germany, wie in Neuseeland", "DE"),
        ("UK telephone number of Microsoft 365", "GB"),
        ("New Zealand", "NZ"),
        ("UK", "GB"),
        ("My mailbox of 5 GB is full", ""),
        ("the button CONTACT US does nothing", ""),
        ("mail from Bank of America", ""),
        ("müller.example does not load", ""),
    ],
)
def test_a_country_is_read_from_words(text: str, country: str, known: Knowledge) -> None:
    assert known.countries.named(text) == country


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("whatsapp:+447700900123", "GB"),
        ("+35315550123", "IE"),
        ("+15550100123", "US"),
        ("+999123456789", ""),
        ("24680", ""),
        ("U12345", ""),
    ],
)
def test_a_messengers_number_tells_the_country(
    address: str, country: str, known: Knowledge
) -> None:
    assert known.countries.of_number(address) == country


@pytest.mark.parametrize(
    ("header", "country"),
    [
        ("en-GB,en;q=0.9", "GB"),
        ("de,en-US;q=0.7", ""),
        ("en-US,en;q=0.9", ""),
        ("en-US,de-AT;q=0.7", "AT"),
        ("zh-Hant-TW", "TW"),
        ("en", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_a_browsers_languages_hint_at_the_country(header: str, country: str) -> None:
    assert of_languages(header) == country


def test_a_number_is_given_for_the_customers_country_only(known: Knowledge) -> None:
    microsoft = known.referral("microsoft-365")
    assert microsoft.payload("IE")["phone"] == "1 800 995309"
    assert microsoft.payload("DE")["phone"] is None
    assert microsoft.payload(None)["phone"] is None


def test_a_maker_that_left_a_country_is_no_first_door_there(known: Knowledge) -> None:
    at_home = [d.id for d in known.referrals_for_entity("antivirus", "kaspersky", country="GB")]
    there = [d.id for d in known.referrals_for_entity("antivirus", "kaspersky", country="US")]
    assert at_home == ["kaspersky"]
    assert there == ["it_services", "kaspersky"]


def test_every_country_of_a_number_or_a_ban_has_a_name(known: Knowledge) -> None:
    used = {c for r in known.referrals.values() for c in (*r.phones, *r.not_in)}
    assert [c for c in used if known.countries.name(c) == c] == []
