"""From a complaint to words, against the pretend host: what customers hear and must not hear."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.lab import Lab
from qiq.checks.model import CheckResult
from qiq.diagnosis import Diagnosis, Subject, diagnose
from qiq.settings import load
from qiq.verdict import Complaint

FULL = {"account": "example.com", "mailbox": "info", "set": {"used_mb": 2000, "quota_mb": 2000}}
CONNECT = Complaint("email_cannot_connect", client="outlook-classic-windows")


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with Lab.start(tmp_path) as running:
        yield running


async def look(lab: Lab, asked: Complaint, subject: Subject) -> Diagnosis:
    return await diagnose(asked, subject, load(lab.hosting_path))


async def test_a_working_server_and_a_named_program_lead_to_its_maker(lab: Lab) -> None:
    found = await look(lab, CONNECT, Subject("example.com"))
    payload = found.payload()
    assert (payload["verdict"], payload["certainty"]) == ("third_party", "likely")
    assert payload["referrals"][0]["id"] == "microsoft-outlook-classic"
    assert {s["port"] for s in payload["settings"]["servers"]} == {993, 995, 465, 587}
    assert all(check["status"] == "pass" for check in payload["checks"])
    for said in (
        payload["next_steps"][0],
        payload["referrals"][0]["url"],
        "mail.qiq.example, port 993",
    ):
        assert said in found.text()


async def test_a_fault_of_ours_is_said_to_be_ours(lab: Lab) -> None:
    await lab.break_("mail/imap-refused")
    heard: list[CheckResult] = []
    found = await diagnose(
        CONNECT, Subject("example.com"), load(lab.hosting_path), progress=heard.append
    )
    payload = found.payload(case="QIQ-7F3K2", ticket={"id": "QIQ-7F3K2", "state": "open"})
    assert (payload["verdict"], payload["cause"]) == ("host_fault", "mail.imap.refused")
    assert (payload["referrals"], payload["settings"]) == ([], None)
    assert payload["ticket"] == {"id": "QIQ-7F3K2", "state": "open"}
    assert "This one is ours" in found.text()
    assert "refused" in found.staff_text()
    assert {r.id for r in heard} == {c["id"] for c in payload["checks"]}
    assert json.loads(json.dumps(payload)) == payload


@pytest.mark.parametrize(
    "intent", ["email_mailbox_full", "email_login_failed", "email_cannot_receive", "site_down"]
)
async def test_a_stranger_hears_nothing_of_an_account(
    lab: Lab, intent: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Full, suspended, missing: all the same to somebody who is not verified."""
    said = set()
    for faults in (
        [],
        [FULL],
        [{"account": "example.com", "mailbox": "info", "set": {"suspended": "spam was sent"}}],
        [{"account": "example.com", "mailbox": "info", "set": None}],
        [{"account": "example.com", "set": {"suspended": "unpaid invoice"}}],
        [{"account": "example.com", "set": {"last_php_error": "secret path"}}],
    ):
        await lab.set_faults(faults)
        subject = Subject("example.com", email="info@example.com", visitor_ip="203.0.113.7")
        with caplog.at_level(logging.DEBUG, "qiq"):
            found = await look(lab, Complaint(intent), subject)
        payload = {**found.payload(), "checks": [c["id"] for c in found.payload()["checks"]]}
        said.add(json.dumps(payload, sort_keys=True))
        assert not any(c.id.startswith("account.") and "visitor" not in c.id for c in found.results)
    assert len(said) == 1
    assert "info@example.com" not in caplog.text


async def test_a_verified_customer_hears_that_the_mailbox_is_full(lab: Lab) -> None:
    await lab.set_faults([FULL])
    subject = Subject("example.com", email="info@example.com", verified_domains=("example.com",))
    found = await look(lab, Complaint("email_cannot_receive"), subject)
    assert found.verdict.cause == "account.mailbox_full"
    assert "2,000 MB" in found.text()


async def test_a_verified_customer_hears_nothing_of_somebody_elses_mailbox(lab: Lab) -> None:
    await lab.set_faults([FULL])
    subject = Subject("example.org", email="info@example.com", verified_domains=("example.org",))
    found = await look(lab, Complaint("email_mailbox_full"), subject)
    assert not any(r.id.endswith(("mailbox", "mailbox_accepted")) for r in found.results)
    assert "info@example.com" not in json.dumps(found.payload()["checks"])


async def test_only_the_visitors_own_address_is_held_against_the_firewall(lab: Lab) -> None:
    await lab.set_faults([{"block": "203.0.113.7", "reason": "12 failed logins"}])
    own = await look(lab, CONNECT, Subject("example.com", visitor_ip="203.0.113.7"))
    other = await look(lab, CONNECT, Subject("example.com", visitor_ip="203.0.113.8"))
    nobody = await look(lab, CONNECT, Subject("example.com"))
    assert own.verdict.cause == "account.visitor_blocked"
    assert other.verdict.cause == nobody.verdict.cause == "client.mail_program"


async def test_too_many_checks_get_a_kind_answer_and_no_connection(lab: Lab) -> None:
    subject = Subject("example.com", visitor_id="v_1")
    complaint = Complaint("dns_problem")
    made = load(lab.hosting_path)
    limited = made.model_copy(
        update={"limits": made.limits.model_copy(update={"checks_per_visitor_per_hour": 2})}
    )
    found = [await diagnose(complaint, subject, limited) for _ in range(3)]
    assert [one.rate_limited for one in found] == [False, False, True]
    assert found[2].verdict.cause == "unclear.busy"
    assert found[2].results == ()
    elsewhere = await diagnose(complaint, replace(subject, visitor_id="v_2"), limited)
    assert not elsewhere.rate_limited


async def test_the_state_of_our_own_services_needs_no_domain(lab: Lab) -> None:
    found = await look(lab, Complaint("ask_server_status"), Subject(""))
    assert found.verdict.cause == "status.all_up"


async def test_a_bug_in_a_check_is_our_failure_and_not_the_customers(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("qiq.checks.mail.service._login_offered", broken)
    found = await look(lab, CONNECT, Subject("example.com"))
    assert found.verdict.cause == "unclear.our_checks_failed"
    failed = [r for r in found.results if r.status == "error"]
    assert failed
    assert "our own tools" in found.payload()["checks"][found.results.index(failed[0])]["summary"]


async def test_a_domain_with_an_umlaut_is_looked_at(lab: Lab) -> None:
    found = await look(lab, Complaint("site_down"), Subject("müller.example"))
    assert found.payload()["subject"]["domain"] == "xn--mller-kva.example"
    assert found.verdict.code == "all_clear"


async def test_a_site_that_turns_away_everything_we_ask_for_is_not_judged(lab: Lab) -> None:
    """A protection that dislikes programs looks like that, and visitors may well get in."""
    await lab.set_faults([{"site": "example.com", "behaviour": "status", "status": 403}])
    found = await look(lab, Complaint("site_error"), Subject("example.com"))
    assert (found.verdict.code, found.verdict.cause) == ("inconclusive", "web.page.prober_blocked")
