"""Repeats the checks of a watched fault through ``qiq.diagnosis``."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from qiq.desk import Watch
from qiq.settings import Settings
from qiq.settings.windows import Together
from qiq.verdict.model import Complaint

log = logging.getLogger(__name__)

PROVES_NOTHING = frozenset({"host_fault", "inconclusive", "not_hosted"})
"""Verdicts after which the fault may still be there."""
MOST_NAMED = 2


@dataclass(frozen=True)
class Look:
    """``unclear`` when the checks could not say; ``passed`` are id and target of what passed."""

    outcome: Literal["healthy", "broken", "unclear"]
    passed: tuple[tuple[str, str], ...] = ()


def diagnosis_check(settings: Settings, together: Together) -> Callable[[Watch], Awaitable[Look]]:
    """A look through the whole diagnosis, as the customer's own complaint ran it."""

    async def look(watch: Watch) -> Look:
        from qiq.diagnosis import Subject, diagnose

        complaint = Complaint(**_known(Complaint, watch.complaint))
        subject = Subject(**_known(Subject, watch.subject))
        try:
            found = await diagnose(complaint, subject, settings, together=together)
        except Exception:  # a look that fails proves nothing; the next one follows
            log.exception("case %s: the repeated check failed", watch.case_number)
            return Look("unclear")
        if getattr(found, "rate_limited", False):
            return Look("unclear")
        return judge(found.payload(), watch.cause)

    return look


def judge(payload: Mapping[str, Any], cause: str) -> Look:
    """Healthy only when no fault of ours is left and every check that ran could tell."""
    if payload.get("verdict") == "host_fault":
        return Look("broken")
    checks = payload.get("checks", [])
    if payload.get("verdict") in PROVES_NOTHING or payload.get("cause") == cause:
        return Look("unclear")
    if not checks or any(check.get("status") == "error" for check in checks):
        return Look("unclear")
    passed = ((str(c["id"]), str(c["target"])) for c in checks if c.get("status") == "pass")
    return Look("healthy", tuple(passed))


def mended(look: Look, before: Sequence[Mapping[str, Any]]) -> str:
    """What is told to work again: what failed in the last fault of ``before`` (payloads, oldest
    first) and passes now. Empty when that cannot be told: a check beside it is no news."""
    faults = [payload for payload in before if payload.get("verdict") == "host_fault"]
    checks = faults[-1].get("checks", []) if faults else []
    failed = {(str(c["id"]), str(c["target"])) for c in checks if c.get("status") == "fail"}
    targets = dict.fromkeys(target for one, target in look.passed if (one, target) in failed)
    return ", ".join(list(targets)[:MOST_NAMED])


def _known(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields a dataclass has today; a watch may be older than the program."""
    names = {one.name for one in fields(kind)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in names
    }
