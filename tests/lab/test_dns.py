"""The pretend DNS, asked by dnspython."""

from __future__ import annotations

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.resolver
import pytest

from lab.background import BackgroundLab

NS1, NS2, PARENT, RESOLVER = "127.0.10.3", "127.0.10.4", "127.0.10.254", "127.0.10.53"


def ask(
    lab: BackgroundLab,
    server: str,
    name: str,
    kind: str,
    *,
    tcp: bool = False,
    cd: bool = False,
    timeout: float = 5,
) -> dns.message.Message:
    query = dns.message.make_query(name, kind, use_edns=0)
    if cd:
        query.flags |= dns.flags.CD
    port = lab.ports["dns"]
    if tcp:
        return dns.query.tcp(query, server, timeout=timeout, port=port)
    return dns.query.udp(query, server, timeout=timeout, port=port)


def texts(answer: dns.resolver.Answer) -> list[str]:
    return sorted(record.to_text() for record in answer)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("example.com", "A", ["127.0.10.1"]),
        ("www.müller.example", "A", ["127.0.10.1"]),
        ("mail.example.com", "A", ["127.0.10.2"]),
        ("example.net", "MX", ["10 mail.qiq.example."]),
        ("greenbikes.example", "NS", ["ns1.qiq.example.", "ns2.qiq.example."]),
        ("2.10.0.127.in-addr.arpa", "PTR", ["mail.qiq.example."]),
        ("2.0.0.127.dnsbl.example", "A", ["127.0.0.2"]),
    ],
)
def test_healthy_answers(
    resolver: dns.resolver.Resolver, name: str, kind: str, expected: list[str]
) -> None:
    assert texts(resolver.resolve(name, kind)) == expected


def test_names_nobody_has_do_not_exist(lab: BackgroundLab) -> None:
    assert ask(lab, RESOLVER, "nosuch.example", "A").rcode() == dns.rcode.NXDOMAIN
    assert ask(lab, RESOLVER, "nosuch.example.com", "A").rcode() == dns.rcode.NXDOMAIN
    assert ask(lab, RESOLVER, "www.realbank.de", "A").rcode() == dns.rcode.REFUSED


def test_the_parent_refers_to_the_child_and_the_child_answers_with_authority(
    lab: BackgroundLab,
) -> None:
    referral = ask(lab, PARENT, "example.com", "NS")
    assert not referral.answer
    assert not referral.flags & dns.flags.AA
    assert {str(r) for r in referral.authority[0]} == {"ns1.qiq.example.", "ns2.qiq.example."}
    for server in (NS1, NS2):
        own = ask(lab, server, "example.com", "NS", tcp=True)
        assert own.flags & dns.flags.AA
        assert {str(r) for r in own.answer[0]} == {"ns1.qiq.example.", "ns2.qiq.example."}


def test_a_huge_answer_is_cut_over_udp_and_whole_over_tcp(lab: BackgroundLab) -> None:
    lab.set_faults({"record": "example.com", "type": "TXT", "add": True, "filler": 60})
    assert ask(lab, NS1, "example.com", "TXT").flags & dns.flags.TC
    assert len(ask(lab, NS1, "example.com", "TXT", tcp=True).answer[0]) == 61


def test_lame_delegation_is_servfail_at_the_resolver_and_refused_at_the_server(
    lab: BackgroundLab,
) -> None:
    lab.break_("lame-delegation")
    assert ask(lab, RESOLVER, "example.com", "A").rcode() == dns.rcode.SERVFAIL
    assert ask(lab, "127.0.20.53", "example.com", "SOA").rcode() == dns.rcode.REFUSED
    assert ask(lab, RESOLVER, "example.org", "A").rcode() == dns.rcode.NOERROR


def test_name_servers_that_are_down_stay_silent(lab: BackgroundLab) -> None:
    lab.break_("own-name-servers-down")
    with pytest.raises(dns.exception.Timeout):
        ask(lab, NS1, "example.com", "A", timeout=0.4)
    assert ask(lab, RESOLVER, "example.com", "A").rcode() == dns.rcode.SERVFAIL
    lab.heal()
    assert ask(lab, NS1, "example.com", "A").answer


def test_one_slow_name_server_does_not_slow_the_resolver(lab: BackgroundLab) -> None:
    lab.set_faults({"name_server": "ns2", "mode": "slow", "seconds": 30})
    assert ask(lab, RESOLVER, "example.com", "A", timeout=2).answer


def test_a_broken_signature_is_told_apart_from_no_answer(lab: BackgroundLab) -> None:
    lab.break_("dnssec-bogus")
    assert ask(lab, RESOLVER, "example.com", "A").rcode() == dns.rcode.SERVFAIL
    assert ask(lab, RESOLVER, "example.com", "A", cd=True).answer
    assert ask(lab, PARENT, "example.com", "DS").answer


def test_the_resolver_may_remember_what_the_servers_no_longer_say(lab: BackgroundLab) -> None:
    lab.break_("change-still-spreading")
    old = ask(lab, RESOLVER, "example.com", "A").answer[0]
    assert (str(old[0]), old.ttl) == ("127.0.20.2", 7200)
    assert str(ask(lab, NS1, "example.com", "A").answer[0][0]) == "127.0.10.1"


@pytest.mark.parametrize(
    ("scenario", "name", "kind"),
    [("mx-missing", "example.com", "MX"), ("www-alias-loop", "www.example.com", "A")],
)
def test_records_that_are_gone_or_lead_nowhere(
    lab: BackgroundLab, resolver: dns.resolver.Resolver, scenario: str, name: str, kind: str
) -> None:
    lab.break_(scenario)
    with pytest.raises(dns.exception.DNSException):
        resolver.resolve(name, kind)


def test_a_wildcard_answers_for_names_that_are_not_there(
    lab: BackgroundLab, resolver: dns.resolver.Resolver
) -> None:
    lab.set_faults({"record": "*.example.com", "type": "A", "values": ["127.0.10.1"]})
    assert texts(resolver.resolve("anything.example.com", "A")) == ["127.0.10.1"]
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve("www.example.com", "MX")


def test_a_block_list_names_the_mail_server(
    lab: BackgroundLab, resolver: dns.resolver.Resolver
) -> None:
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("2.10.0.127.dnsbl.example", "A")
    lab.break_("listed")
    assert texts(resolver.resolve("2.10.0.127.dnsbl.example", "A")) == ["127.0.0.2"]
