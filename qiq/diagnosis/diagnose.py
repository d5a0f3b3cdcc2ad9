"""One call from a complaint to a diagnosis: locate, spend, check, judge, word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from qiq import knowledge
from qiq.checks.batteries import for_intent, service_name, service_of
from qiq.checks.clock import Deadline
from qiq.checks.model import CheckResult, Target
from qiq.checks.runner import run_battery
from qiq.diagnosis.budget import Exceeded, budget_for
from qiq.diagnosis.diagnosis import Diagnosis
from qiq.diagnosis.quoted import read_quoted, with_checks
from qiq.diagnosis.reading import read
from qiq.diagnosis.subject import Located, Subject, locate
from qiq.diagnosis.suggest import did_you_mean
from qiq.hosting import Hosting, HostingError, adapter_for
from qiq.hosting.incidents import concerns, open_incidents
from qiq.settings import Settings
from qiq.settings.windows import Together
from qiq.vantage.client import second_look
from qiq.verdict import (
    Certainty,
    Code,
    Complaint,
    Incident,
    Party,
    Standing,
    Verdict,
    catalogue,
    judge,
)  # fmt: skip

Progress = Callable[[CheckResult], None]


async def diagnose(
    complaint: Complaint,
    subject: Subject,
    settings: Settings,
    *,
    progress: Progress | None = None,
    incidents: Iterable[Incident] = (),
    batteries: tuple[str, ...] | None = None,
    hosting: Hosting | None = None,
    together: Together | None = None,
) -> Diagnosis:
    """Look at ``subject`` for ``complaint``. ``batteries`` overrides those of the intent.
    ``together`` counts the limits for all processes; without it they are this process's own."""
    hosting = hosting or adapter_for(settings)
    # Slow the first time: done before, so that it does not make the checks late.
    await asyncio.to_thread(knowledge.load)
    complaint, more = read_quoted(read(complaint))
    wanted = for_intent(complaint.intent) if batteries is None else batteries
    empty = Diagnosis(
        _plain("unclear.no_checks"), subject, complaint, settings, service=service_of(wanted)
    )
    try:
        located = await locate(subject, complaint, settings, hosting)
    except HostingError:
        return replace(empty, verdict=_plain("unclear.our_checks_failed", checks="hosting"))
    if located.target is None:
        return await _not_hosted(empty, located, hosting)
    country = located.country or subject.country or None
    found = replace(empty, target=located.target, country=country)
    if wanted and batteries is None:
        wanted = with_checks(wanted, more, verified=located.target.verified)
    if not wanted:
        return found
    budget, domain = budget_for(settings), located.target.domain
    exceeded = await asyncio.to_thread(budget.spend, subject.visitor_id, domain, together)
    if exceeded is not None:
        return replace(found, verdict=_busy(exceeded), rate_limited=True)
    async with budget.slot():
        return await _look(found, located.target, wanted, hosting, progress, incidents)


async def _look(
    found: Diagnosis,
    target: Target,
    wanted: tuple[str, ...],
    hosting: Hosting,
    progress: Progress | None,
    incidents: Iterable[Incident],
) -> Diagnosis:
    """The checks, the second place and the status pages at once; then the verdict."""
    settings = found.settings
    deadline = Deadline.in_seconds(settings.limits.battery_seconds)
    results, elsewhere, known = await asyncio.gather(
        run_battery(wanted, target, settings, progress, hosting=hosting),
        second_look(wanted, target, settings, hosting),
        open_incidents(settings, deadline),
    )
    services = frozenset(map(service_name, wanted))
    known = tuple(one for one in (*incidents, *known) if concerns(one, services))
    return _finish(found, [*results, *elsewhere], target, known)


def _finish(
    found: Diagnosis, results: list[CheckResult], target: Target, incidents: Iterable[Incident]
) -> Diagnosis:
    complaint = found.complaint
    verdict = judge(complaint, results, Standing(target.verified), incidents)
    return replace(
        found,
        verdict=verdict,
        results=tuple(results),
        referrals=_referrals(verdict, complaint, found.country),
    )


async def _not_hosted(empty: Diagnosis, located: Located, hosting: Hosting) -> Diagnosis:
    """A plain answer that does not say which of the reasons it was."""
    suggestion = None
    if located.named:
        try:
            suggestion = did_you_mean(located.named, await hosting.domains())
        except HostingError:
            suggestion = None
    verdict = _plain("not_hosted", reason=located.reason)
    return replace(empty, verdict=verdict, did_you_mean=suggestion)


def _referrals(
    verdict: Verdict, complaint: Complaint, country: str | None
) -> tuple[dict[str, str | None], ...]:
    cause = catalogue()[verdict.cause]
    known = knowledge.load()
    if cause.refer_by_party:
        doors = known.referrals_for(str(verdict.party), complaint, country)
    else:
        doors = [known.referral(one) for one in cause.referrals]
    return tuple(door.payload(country) for door in doors)


def _busy(exceeded: Exceeded) -> Verdict:
    args = {"limit": exceeded.limit, "minutes": str(exceeded.minutes)}
    return _plain("unclear.busy", **args)


def _plain(code: str, **args: str) -> Verdict:
    cause = catalogue()[code]
    return Verdict(Code(cause.verdict), Party(cause.party), Certainty(cause.certainty), code, args)
