"""Short ways to say what a check found. Ids, times and duties are filled in by the runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qiq.checks.errors import printable
from qiq.checks.model import CheckResult, Finding, Status

NOTHING_THERE = "nothing_there"


def ok(target: str, **facts: object) -> CheckResult:
    return CheckResult("", target, Status.PASS, facts=facts)


def fail(
    target: str, code: str, args: Mapping[str, object] | None = None, **facts: object
) -> CheckResult:
    return CheckResult("", target, Status.FAIL, (finding(code, args),), facts)


def warn(
    target: str, code: str, args: Mapping[str, object] | None = None, **facts: object
) -> CheckResult:
    return CheckResult("", target, Status.WARN, (finding(code, args),), facts)


def skip(target: str, reason: str, **facts: object) -> CheckResult:
    """Not run. ``reason`` is a key of the reasons in ``knowledge/checks.yml``."""
    return CheckResult("", target, Status.SKIP, facts=facts, reason=reason)


def nothing(target: str) -> CheckResult:
    """There is nothing of this kind to look at: the runner leaves it out."""
    return skip(target, NOTHING_THERE)


def error(target: str, reason: str, **facts: object) -> CheckResult:
    """Our own failure. ``reason`` as for ``skip``; details go into ``facts``."""
    return CheckResult("", target, Status.ERROR, facts=facts, reason=reason)


def cannot_tell(target: str, code: str, args: Mapping[str, object] | None = None) -> CheckResult:
    """The check could not run properly, and ``code`` says what stood in its way."""
    return CheckResult("", target, Status.ERROR, (finding(code, args),), reason="cannot_tell")


def own(result: CheckResult) -> CheckResult:
    """``result``, said of the host's own service."""
    return replace(result, own=True)


def needed(result: CheckResult) -> CheckResult:
    """``result`` of a check that is not required: nothing may be called fine with this one."""
    return replace(result, required=True)


def finding(code: str, args: Mapping[str, object] | None = None) -> Finding:
    return Finding(code, {key: printable(str(value)) for key, value in (args or {}).items()})
