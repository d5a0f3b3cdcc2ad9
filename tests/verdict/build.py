"""Results and complaints for verdict tests, with harmless defaults."""

from __future__ import annotations

from hypothesis import strategies as st

from qiq.checks.model import CheckResult, Finding, Status
from qiq.verdict import Complaint, catalogue

CAUSES = catalogue()
HOST_CODES = sorted(code for code, cause in CAUSES.items() if cause.verdict == "host_fault")
OTHER_CODES = sorted(code for code, cause in CAUSES.items() if cause.verdict != "host_fault")
ARGS = {"host": "mail.qiq.example", "domain": "müller.example", "port": "993"}


def result(
    id: str = "mail.imaps.connect",
    status: Status = Status.PASS,
    code: str | None = None,
    *,
    required: bool = True,
    own: bool = False,
    reason: str = "",
) -> CheckResult:
    findings = (Finding(code, ARGS),) if code else ()
    return CheckResult(
        id, "mail.qiq.example:993", status, findings, reason=reason, required=required, own=own
    )


def passed(*ids: str) -> list[CheckResult]:
    return [result(id, own=True) for id in ids or ("mail.imaps.connect", "mail.imaps.dialogue")]


def complaint(intent: str = "email_cannot_connect", **named: str) -> Complaint:
    return Complaint(intent, text="Küchenstudio: Outlook findet den Server nicht", **named)


statuses = st.sampled_from(list(Status))
ids = st.sampled_from(
    [
        "mail.imaps.connect", "mail.imap.connect", "mail.smtp.connect", "mail.canary", "dns.mx",
        "dns.address", "tls.imaps.certificate", "web.https.page", "web.https.connect",
        "account.mailbox", "account.visitor_block",
    ]
)  # fmt: skip


@st.composite
def any_result(draw: st.DrawFn) -> CheckResult:
    """Any result a check could ever return, sensible or not."""
    status = draw(statuses)
    code = draw(st.none() | st.sampled_from(sorted(CAUSES)))
    return result(
        draw(ids), status, code, required=draw(st.booleans()), own=draw(st.booleans()),
        reason=draw(st.sampled_from(["", "parent", "no_clear_answer", "our_failure"])),
    )  # fmt: skip


@st.composite
def any_complaint(draw: st.DrawFn) -> Complaint:
    intents = [
        "email_cannot_connect", "email_login_failed", "email_bounced", "site_down", "db_error",
        "dns_problem", "ask_server_status", "script_problem", "email_cert_warning", "ftp_problem",
    ]  # fmt: skip
    maybe = st.none() | st.just("something")
    return Complaint(
        draw(st.sampled_from(intents)), client=draw(maybe), antivirus=draw(maybe),
        app=draw(maybe), isp=draw(maybe), browser=draw(maybe),
        protocol=draw(st.sampled_from([None, "IMAP", "SMTP", "POP3"])),
    )  # fmt: skip


any_results = st.lists(any_result(), max_size=12)
