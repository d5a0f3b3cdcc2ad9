"""Macros of SPF records, with the examples of RFC 7208 section 7.4."""

from __future__ import annotations

import ipaddress

import pytest

from qiq.checks.reputation import spf
from qiq.checks.reputation.spf_macros import Asker, MacroError, expand
from tests.checks.test_mail_policy import OURS, asks

V4 = Asker(ipaddress.ip_address("192.0.2.3"), "strong-bad@email.example.com", "mta.example.com")
V6 = Asker(ipaddress.ip_address("2001:db8::cb01"), V4.sender, V4.helo)
LONG_V6 = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{h}", "mta.example.com"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("a%%b%_c%-d", "a%b c%20d"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ],
)
def test_the_examples_of_the_rfc(text: str, expected: str) -> None:
    assert expand(text, "email.example.com", V4) == expected


def test_an_ipv6_address_is_taken_digit_by_digit() -> None:
    assert expand("%{ir}.%{v}._spf.%{d2}", "example.com", V6) == f"{LONG_V6}.ip6._spf.example.com"


def test_a_name_that_gets_too_long_loses_labels_on_the_left() -> None:
    name = expand("%{d}." + "x" * 60 + ".%{d}", "ä" + "y" * 99 + ".example.com", V4)
    assert len(name) <= 253
    assert name.endswith(".example.com")


@pytest.mark.parametrize("text", ["%", "%x", "%{", "%{z}", "%{d0}", "%{c}", "%(d)", "%{d}%{é}"])
def test_what_is_no_macro_makes_the_record_an_error(text: str) -> None:
    with pytest.raises(MacroError):
        expand(text, "example.com", V4)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 exists:%{ir}.ok.%{d} -all", "pass"),
        ("v=spf1 exists:%{i}.bad.%{d} -all", "fail"),
        ("v=spf1 include:%{d1}.in.example -all", "pass"),
        ("v=spf1 a:%{h} -all", "pass"),
        ("v=spf1 redirect=_spf.%{d2}", "pass"),
        ("v=spf1 exists:%{l}.%{o}.by-sender.example -all", "pass"),
    ],
)
async def test_records_with_macros_are_evaluated(record: str, expected: str) -> None:
    backwards = ".".join(reversed(OURS.split(".")))
    zone = {
        ("example.com", "TXT"): [record],
        (f"{backwards}.ok.example.com", "A"): ["127.0.0.2"],
        ("com.in.example", "TXT"): [f"v=spf1 ip4:{OURS} -all"],
        ("mail.qiq.example", "A"): [OURS],
        ("_spf.example.com", "TXT"): [f"v=spf1 ip4:{OURS} -all"],
        ("postmaster.example.com.by-sender.example", "A"): ["127.0.0.2"],
    }
    found = await spf.check_host(OURS, "example.com", asks(zone), "mail.qiq.example")
    assert (found.result, found.unsure) == (expected, False)


@pytest.mark.parametrize("term", ["ptr", "exists:%{p}.example.com"])
async def test_what_each_receiver_finds_for_itself_is_not_judged(term: str) -> None:
    zone = {("example.com", "TXT"): [f"v=spf1 {term} -all"]}
    assert (await spf.check_host(OURS, "example.com", asks(zone))).unsure


@pytest.mark.parametrize("record", ["v=spf1 a:%x -all", "v=spf1 redirect=a.b redirect=c.d"])
async def test_a_bad_macro_or_a_doubled_modifier_is_a_mistake_in_the_record(record: str) -> None:
    zone = {("example.com", "TXT"): [record], ("a.b", "TXT"): ["v=spf1 -all"]}
    with pytest.raises(spf.SpfError) as caught:
        await spf.check_host(OURS, "example.com", asks(zone))
    assert caught.value.kind == "syntax"
