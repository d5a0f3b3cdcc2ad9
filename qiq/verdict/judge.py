"""The verdict: a pure function of complaint, evidence, who asks, and open incidents.

The two errors that must not happen: blaming the customer while the server is broken, and saying
what an unverified visitor may not hear. Whatever is left open here is ``inconclusive``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from qiq.checks.model import CheckResult, Status
from qiq.knowledge.causes import Cause, load_causes
from qiq.verdict import named
from qiq.verdict.findings import Candidate, failed, hindered, warned
from qiq.verdict.model import Certainty, Code, Complaint, Incident, Party, Standing, Verdict

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
ACCOUNT_COMPLAINTS = frozenset(
    {"email_login_failed", "email_mailbox_full", "email_lost", "resource_limit"}
)


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Cause]:
    """Every cause there is."""
    return load_causes(KNOWLEDGE)


def judge(
    complaint: Complaint,
    results: Iterable[CheckResult],
    standing: Standing | None = None,
    incidents: Iterable[Incident] = (),
) -> Verdict:
    """One verdict. The order of ``results`` and ``incidents`` does not matter."""
    causes, standing = catalogue(), standing or Standing()
    evidence = tuple(sorted(results, key=lambda r: (r.id, r.target, r.status)))
    found = failed(complaint, evidence, causes)
    warnings = warned(complaint, evidence, causes)
    choice = (
        _host(found)
        or _open_question(complaint, evidence, found, causes)
        or _proven(found)
        or _all_passed(complaint, standing, tuple(incidents), warnings, causes)
    )
    return _verdict(choice, evidence, [*found, *warnings])


def _host(found: list[Candidate]) -> Candidate | None:
    return next((one for one in found if one.cause.verdict == Code.HOST_FAULT), None)


def _open_question(
    complaint: Complaint,
    evidence: tuple[CheckResult, ...],
    found: list[Candidate],
    causes: Mapping[str, Cause],
) -> Candidate | None:
    """Why nothing may be said yet; None when the evidence is complete enough for ``found``."""
    if not evidence:
        return _plain("unclear.no_checks", causes)
    top = found[0] if found else None
    if top is not None and top.cause.verdict == Code.INCONCLUSIVE:
        return top
    # A check of our own service failed without a cause of ours: never the customer's fault then.
    if any(r.own and r.status is Status.FAIL for r in evidence):
        return _plain("unclear.not_proven", causes, checks=_ids(evidence, Status.FAIL))
    blind = [r for r in evidence if r.required and r.status in (Status.ERROR, Status.SKIP)]
    if top is not None and top.cause.verdict in (Code.ACCOUNT, Code.DNS):
        blind = [r for r in blind if r.own and r.status is Status.ERROR]
    if blind:
        return _blind(complaint, evidence, blind, causes)
    if top is not None:
        unclear = next((c for c in found if c.cause.verdict == Code.INCONCLUSIVE), None)
        return unclear if top.cause.verdict == Code.THIRD_PARTY else None
    if any(r.status is Status.FAIL for r in evidence) or not any(r.required for r in evidence):
        return _plain("unclear.not_proven", causes, checks=_ids(evidence, Status.FAIL))
    return None


def _blind(
    complaint: Complaint,
    evidence: tuple[CheckResult, ...],
    blind: list[CheckResult],
    causes: Mapping[str, Cause],
) -> Candidate:
    """Required checks gave no answer: say what stood in the way, if that is known."""
    in_the_way = hindered(complaint, evidence, causes)
    if in_the_way:
        return in_the_way[0]
    checks = ", ".join(r.id for r in blind)
    if any(r.status is Status.ERROR for r in blind):
        return _plain("unclear.our_checks_failed", causes, checks=checks)
    if any(r.reason == "no_clear_answer" for r in blind):
        domain = next(r.target for r in blind if r.reason == "no_clear_answer")
        return _plain("dns.no_answer", causes, domain=domain.split()[-1], detail=checks)
    return _plain("unclear.not_proven", causes, checks=checks)


def _proven(found: list[Candidate]) -> Candidate | None:
    return found[0] if found else None


def _all_passed(
    complaint: Complaint,
    standing: Standing,
    incidents: tuple[Incident, ...],
    warnings: list[Candidate],
    causes: Mapping[str, Cause],
) -> Candidate:
    """Every required check passed. What is left, most telling first."""
    if incidents:
        title = min(incident.title for incident in incidents)
        return _plain("incident.not_confirmed", causes, incident=title)
    if complaint.intent == "ask_server_status":
        return _plain("status.all_up", causes)
    heard = {"any", complaint.intent}
    speaking = next((one for one in warnings if heard & set(one.cause.speaks)), None)
    if speaking is not None:
        return speaking
    if complaint.intent in ACCOUNT_COMPLAINTS and not standing.verified:
        return _plain("account.unverified", causes)
    return _plain(named.cause(complaint) or "clear.nothing_named", causes)


def _plain(code: str, causes: Mapping[str, Cause], **args: str) -> Candidate:
    return Candidate(causes[code], args, False)


def _ids(evidence: tuple[CheckResult, ...], status: Status) -> str:
    return ", ".join(r.id for r in evidence if r.status is status) or "none"


def _verdict(
    choice: Candidate, evidence: tuple[CheckResult, ...], others: list[Candidate]
) -> Verdict:
    cause = choice.cause
    also = tuple(dict.fromkeys(c.cause.code for c in others if c.cause.code != cause.code))
    return Verdict(
        Code(cause.verdict), Party(cause.party), Certainty(cause.certainty), cause.code,
        dict(choice.args), evidence, also,
    )  # fmt: skip
