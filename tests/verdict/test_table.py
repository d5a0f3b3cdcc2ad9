"""Scenario table: what was found → which verdict, which cause."""

from __future__ import annotations

import pytest

from qiq.checks.model import CheckResult, Status
from qiq.verdict import Incident, Standing, judge
from tests.verdict.build import complaint, passed, result

FAIL, WARN, ERROR, SKIP = Status.FAIL, Status.WARN, Status.ERROR, Status.SKIP


def test_an_account_complaint_of_a_stranger_ends_with_an_offer_to_verify() -> None:
    verdict = judge(complaint("email_login_failed", client="outlook"), passed())
    assert (verdict.code, verdict.cause) == ("inconclusive", "account.unverified")


def test_the_same_complaint_of_a_verified_customer_goes_on() -> None:
    asked = complaint("email_login_failed", client="outlook")
    assert judge(asked, passed(), Standing(verified=True)).cause == "client.mail_program"


def test_a_host_fault_comes_before_the_offer_to_verify() -> None:
    evidence = [*passed(), result("mail.imap.connect", FAIL, "mail.imap.refused", own=True)]
    assert judge(complaint("email_login_failed"), evidence).code == "host_fault"


def test_an_open_incident_that_the_checks_do_not_see_is_told_as_such() -> None:
    verdict = judge(complaint(client="outlook"), passed(), None, [Incident("Mail is slow")])
    assert (verdict.code, verdict.cause) == ("inconclusive", "incident.not_confirmed")


def test_an_open_incident_does_not_hide_what_was_found() -> None:
    evidence = [result("mail.imap.connect", FAIL, "mail.imap.refused", own=True)]
    assert judge(complaint(), evidence, None, [Incident("Mail")]).cause == "mail.imap.refused"


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        ([result("dns.mx", FAIL, "dns.mx.missing")], "dns.mx.missing"),
        (
            [
                result("dns.registration", FAIL, "dns.registration.expired"),
                result("dns.delegation", FAIL, "dns.registration.missing"),
                result("dns.address", SKIP, reason="no_clear_answer"),
            ],
            "dns.registration.expired",
        ),
        (
            [
                result("account.mailbox", FAIL, "account.mailbox_full"),
                result("dns.mx", WARN, "dns.mx.mixed"),
            ],
            "account.mailbox_full",
        ),
        (
            [result("mail.smtp.dialogue", ERROR, "mail.server.prober_blocked", own=True)],
            "mail.server.prober_blocked",
        ),
        ([result("mail.imap.connect", ERROR, reason="our_network")], "unclear.our_checks_failed"),
        ([result("dns.mx", SKIP, reason="no_clear_answer")], "dns.no_answer"),
        ([result("mail.imap.connect", FAIL, own=True)], "unclear.not_proven"),
        ([result("dns.mx", WARN, "mail.elsewhere")], "mail.elsewhere"),
        (
            [
                result("web.https.page", FAIL, "web.script.error"),
                result("account.php_error", WARN, "account.php_error", required=False),
            ],
            "web.script.error",
        ),
        (
            [
                result("web.https.page", FAIL, "web.script.php_fatal"),
                result("web.http.page", FAIL, "web.script.hung"),
            ],
            "web.script.php_fatal",
        ),
        (
            [
                result("web.https.page", FAIL, "web.script.hung"),
                result("web.http.page", FAIL, "web.redirect.away"),
            ],
            "web.script.hung",
        ),
    ],
)
def test_evidence_leads_to_its_cause(evidence: list[CheckResult], cause: str) -> None:
    assert judge(complaint(), [*passed(), *evidence]).cause == cause


def test_a_dns_fault_is_not_blamed_while_a_check_of_ours_could_not_run() -> None:
    evidence = [
        result("dns.mx", FAIL, "dns.mx.missing"),
        result("mail.imap.connect", ERROR, own=True, reason="our_network"),
    ]
    assert judge(complaint(), evidence).code == "inconclusive"


@pytest.mark.parametrize(
    ("protocol", "cause"),
    [
        ("IMAP", "mail.imap.refused"),
        ("SMTP", "mail.submission.refused"),
        (None, "mail.imap.refused"),
    ],
)
def test_of_two_equal_faults_the_one_the_customer_speaks_of_comes_first(
    protocol: str | None, cause: str
) -> None:
    evidence = [
        result("mail.submission.connect", FAIL, "mail.submission.refused", own=True),
        result("mail.imap.connect", FAIL, "mail.imap.refused", own=True),
    ]
    asked = complaint(**({"protocol": protocol} if protocol else {}))
    assert judge(asked, evidence).cause == cause


def test_a_certificate_that_runs_out_soon_is_only_mentioned() -> None:
    evidence = [*passed(), result("tls.imaps.certificate", WARN, "tls.host.expiring", own=True)]
    verdict = judge(complaint(client="outlook"), evidence)
    assert (verdict.cause, verdict.also) == ("client.mail_program", ("tls.host.expiring",))
