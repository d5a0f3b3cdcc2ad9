"""SPF, DKIM and DMARC: what is wrong with a record, in words."""

from __future__ import annotations

import pytest

from qiq.checks.dns_door import Answer, DnsStatus
from qiq.checks.model import Target
from qiq.checks.reputation import dkim, dmarc, spf
from tests.checks.build import context, settings
from tests.checks.dns_server import name_server

OURS = "192.0.2.10"


def asks(zone: dict[tuple[str, str], list[str]]):  # type: ignore[no-untyped-def]
    """A look-up that knows ``zone`` and nothing else."""

    async def ask(name: str, kind: str) -> Answer:
        records = tuple(zone.get((name, kind), ()))
        if records:
            return Answer(name, kind, DnsStatus.OK, records)
        known = any(owner == name for owner, _ in zone)
        return Answer(name, kind, DnsStatus.NODATA if known else DnsStatus.NXDOMAIN)

    return ask


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 -all", "fail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1 +all", "pass"),
        ("v=spf1", "neutral"),
        ("V=SPF1 IP4:192.0.2.10 -ALL", "pass"),
        ("v=spf1 ip4:192.0.2.0/28 -all", "pass"),
        ("v=spf1 ip4:192.0.2.16/28 -all", "fail"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
        ("v=spf1 a:mail.example.com -all", "pass"),
        ("v=spf1 mx -all", "pass"),
        ("v=spf1 mx:other.example/24 -all", "pass"),
        ("v=spf1 include:in.example -all", "pass"),
        ("v=spf1 include:out.example -all", "fail"),
        ("v=spf1 redirect=in.example", "pass"),
        ("v=spf1 -all redirect=in.example", "fail"),
        ("v=spf1 exists:mail.example.com -all", "pass"),
        ("v=spf1 moo=cow ip4:192.0.2.10 -all", "pass"),
        ("v=spf1 -ip4:192.0.2.10 +all", "fail"),
        ("v=spf1 a -all", "fail"),
    ],
)
async def test_records_are_evaluated(record: str, expected: str) -> None:
    zone = {
        ("example.com", "TXT"): [record], ("example.com", "MX"): ["10 mail.example.com."],
        ("mail.example.com", "A"): [OURS], ("in.example", "TXT"): [f"v=spf1 ip4:{OURS} -all"],
        ("out.example", "TXT"): ["v=spf1 -all"], ("example.com", "A"): ["192.0.2.99"],
        ("other.example", "MX"): ["10 near.example."], ("near.example", "A"): ["192.0.2.77"],
    }  # fmt: skip
    assert (await spf.check_host(OURS, "example.com", asks(zone))).result == expected


@pytest.mark.parametrize(
    ("records", "kind"),
    [
        (["v=spf1 -all", "v=spf1 ~all"], "multiple"),
        (["v=spf1 inlcude:in.example -all"], "syntax"),
        (["v=spf1 include -all"], "syntax"),
        (["v=spf1 ip4:192.0.2.300 -all"], "syntax"),
        (["v=spf1 ip4:müll -all"], "syntax"),
        (["v=spf1 ip6:192.0.2.1 -all"], "syntax"),
        (["v=spf1 all:x"], "syntax"),
        (["v=spf1 include:gone.example -all"], "syntax"),
        (["v=spf1 redirect=gone.example"], "syntax"),
        (["v=spf1 ip4:192.0.2.10 -al"], "syntax"),
        (["v=spf1 include:example.com -all"], "lookups"),
        (["v=spf1 " + "a:mail.example.com " * 11 + "-all"], "lookups"),
        (["v=spf1 a:x.gone.example a:y.gone.example a:z.gone.example -all"], "void"),
    ],
)
async def test_broken_records_are_named_by_what_is_wrong(records: list[str], kind: str) -> None:
    zone = {("example.com", "TXT"): records, ("mail.example.com", "A"): ["192.0.2.99"]}
    with pytest.raises(spf.SpfError) as caught:
        await spf.check_host(OURS, "example.com", asks(zone))
    assert caught.value.kind == kind


async def test_ten_look_ups_are_allowed() -> None:
    record = "v=spf1 " + "a:mail.example.com " * 10 + "-all"
    zone = {("example.com", "TXT"): [record], ("mail.example.com", "A"): [OURS]}
    assert (await spf.check_host(OURS, "example.com", asks(zone))).lookups == 10


async def test_a_look_up_that_fails_for_now_decides_nothing() -> None:
    async def ask(name: str, kind: str) -> Answer:
        return Answer(name, kind, DnsStatus.TIMEOUT)

    with pytest.raises(spf.SpfUnclear):
        await spf.check_host(OURS, "example.com", ask)


async def test_other_text_records_are_no_spf_records() -> None:
    zone = {("example.com", "TXT"): ["v=spf10 x", "google-site-verification=ä", "spf1 -all"]}
    assert (await spf.check_host(OURS, "example.com", asks(zone))).result == "none"


ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (ED25519, ""),
        ("v=DKIM1; p=", "withdrawn"),
        ("v=DKIM1; k=rsa", "missing"),
        ("v=DKIM2; p=AAAA", "begin"),
        ("v=DKIM1; p=ünsinn", "read"),
        ("v=DKIM1; k=rsa; p=AAAA", "read"),
        ("v=DKIM1; k=ed25519; p=AAAA", "length"),
        ("nothing of the kind", "read"),
    ],
)
def test_keys_are_read(record: str, named: str) -> None:
    assert named in dkim.fault(record)
    assert bool(named) == bool(dkim.fault(record))


@pytest.mark.parametrize(
    ("records", "named"),
    [
        (["v=DMARC1; p=none"], ""),
        (["v=DMARC1; p=REJECT; sp=quarantine; pct=50; rua=mailto:a@b.example"], ""),
        (["v=DMARC1; p=quaratine"], "quaratine"),
        (["v=DMARC1; rua=mailto:a@b.example"], "p="),
        (["v=DMARC1; p=none; sp=never"], "sp=never"),
        (["v=DMARC1; p=none; pct=200"], "pct"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "2 records"),
        (["v=DMARC1; p"], "form"),
        (["v=DMARC1; p=none; p=reject"], "twice"),
    ],
)
def test_policies_are_read(records: list[str], named: str) -> None:
    assert named in dmarc.fault(records)
    assert bool(named) == bool(dmarc.fault(records))


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (f"v=spf1 ip4:{OURS} -all", "pass"),
        ("v=spf1 ptr -all", "skip"),
        ("v=spf1 ptr ~all", "skip"),
        ("v=spf1 ip4:192.0.2.99 -all", "fail"),
    ],
)
async def test_mail_is_only_called_unaligned_when_no_receiver_can_let_it_pass(
    record: str, status: str
) -> None:
    """``ptr`` is found by each receiver for itself (RFC 7208 section 5.5): nothing is proven."""
    zone = {
        ("example.com", "TXT"): [f'"{record}"'],
        ("_dmarc.example.com", "TXT"): ['"v=DMARC1; p=reject"'],
        ("mail.qiq.example", "A"): [OURS],
    }
    target = Target("example.com")
    async with name_server(zone) as (resolver, _):
        found = await dmarc.policy(target, context(target, settings(resolver=resolver)))
    assert found.status == status
