"""From results to causes: one root cause once, the most serious first, whatever the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from qiq.checks.model import CheckResult, Status
from qiq.knowledge.causes import Cause
from qiq.verdict.model import Complaint

PREFERRED = ("imap", "submission", "pop3", "smtp")
SENDING = frozenset({"email_cannot_send", "email_bounced", "form_not_sending", "email_marked_spam"})
GONE = ("refused", "timeout", "closed")


@dataclass(frozen=True)
class Candidate:
    """A cause found in this run, with the arguments of its texts."""

    cause: Cause
    args: Mapping[str, str]
    own: bool


def failed(
    complaint: Complaint, results: Iterable[CheckResult], causes: Mapping[str, Cause]
) -> list[Candidate]:
    """What failing checks found, most serious first, without what follows from something else."""
    results = list(results)
    found = _of(Status.FAIL, results, causes) + _all_services_gone(results, causes)
    return _ranked(complaint, found)


def warned(
    complaint: Complaint, results: Iterable[CheckResult], causes: Mapping[str, Cause]
) -> list[Candidate]:
    """What warnings say, most serious first."""
    return _ranked(complaint, _of(Status.WARN, list(results), causes))


def hindered(
    complaint: Complaint, results: Iterable[CheckResult], causes: Mapping[str, Cause]
) -> list[Candidate]:
    """What stood in the way of checks that could not run properly; it never names a side."""
    found = _of(Status.ERROR, list(results), causes)
    return _ranked(complaint, [one for one in found if one.cause.verdict == "inconclusive"])


def _of(status: Status, results: list[CheckResult], causes: Mapping[str, Cause]) -> list[Candidate]:
    return [
        Candidate(causes[finding.code], finding.args, result.own)
        for result in results
        if result.status is status
        for finding in result.findings
        if finding.code in causes
    ]


def _all_services_gone(results: list[CheckResult], causes: Mapping[str, Cause]) -> list[Candidate]:
    """When no mail service of a server can be reached, that is one cause and not seven."""
    connects = [r for r in results if r.id.startswith("mail.") and r.id.endswith(".connect")]
    if len({result.id for result in connects}) < 3 or not all(_gone(result) for result in connects):
        return []
    first = min(connects, key=lambda result: result.id)
    services = ", ".join(sorted({result.id.split(".")[1] for result in connects}))
    args = {**first.findings[0].args, "services": services}
    return [Candidate(causes["mail.server.unreachable"], args, True)]


def _gone(result: CheckResult) -> bool:
    codes = [finding.code.rpartition(".")[2] for finding in result.findings]
    return result.status is Status.FAIL and bool(codes) and codes[0] in GONE


def _ranked(complaint: Complaint, found: list[Candidate]) -> list[Candidate]:
    """Sorted, each cause once, explained ones left out. A host's fault is only ever explained
    by another fault of the host: it must not vanish behind something of the customer's."""
    unique: dict[str, Candidate] = {}
    for one in sorted(found, key=lambda c: (c.cause.code, sorted(c.args.items()))):
        unique.setdefault(one.cause.code, one)
    kept = [
        one
        for one in unique.values()
        if not any(_explains(other, one) for other in unique.values() if other is not one)
    ]
    return sorted(kept, key=lambda one: _rank(complaint, one.cause))


def _explains(other: Candidate, one: Candidate) -> bool:
    if one.cause.verdict == "host_fault" and other.cause.verdict != "host_fault":
        return False
    if other.cause.severity <= one.cause.severity:
        return False
    return any(fnmatchcase(one.cause.code, glob) for glob in other.cause.explains)


def _rank(complaint: Complaint, cause: Cause) -> tuple[int, int, int, str]:
    host_first = 0 if cause.verdict == "host_fault" else 1
    return host_first, -cause.severity, _preference(complaint, cause.code), cause.code


def _preference(complaint: Complaint, code: str) -> int:
    """Among equals, the service the customer speaks of comes first."""
    family = code.split(".")[1] if code.startswith("mail.") else ""
    if family not in PREFERRED:
        return len(PREFERRED)
    wanted = (complaint.protocol or "").lower()
    spoken = {"smtp": "submission", "imap": "imap", "pop3": "pop3", "pop": "pop3"}.get(wanted)
    if spoken is None and complaint.intent in SENDING:
        spoken = "submission"
    if spoken is None and complaint.intent == "email_cannot_receive":
        spoken = "smtp"
    return -1 if family == spoken else PREFERRED.index(family)
