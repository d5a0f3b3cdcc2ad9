"""Repeats the checks of a watched fault through ``qiq.diagnosis``."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from qiq.desk import Watch
from qiq.settings import Settings
from qiq.verdict.model import Complaint

log = logging.getLogger(__name__)

PROVES_NOTHING = frozenset({"host_fault", "inconclusive", "not_hosted"})
"""Verdicts after which the fault may still be there."""


@dataclass(frozen=True)
class Look:
    """``unclear`` when the checks could not say; ``what`` names what passed, for the customer."""

    outcome: Literal["healthy", "broken", "unclear"]
    what: str = ""
    payload: Mapping[str, Any] | None = None


def diagnosis_check(settings: Settings) -> Callable[[Watch], Awaitable[Look]]:
    """A look through the whole diagnosis, as the customer's own complaint ran it."""

    async def look(watch: Watch) -> Look:
        from qiq.diagnosis import Subject, diagnose

        complaint = Complaint(**_known(Complaint, watch.complaint))
        subject = Subject(**_known(Subject, watch.subject))
        try:
            found = await diagnose(complaint, subject, settings)
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
    passed = [str(check["target"]) for check in checks if check.get("status") == "pass"]
    return Look("healthy", ", ".join(dict.fromkeys(passed[:2])), None)


def _known(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields a dataclass has today; a watch may be older than the program."""
    names = {one.name for one in fields(kind)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in names
    }
