"""Live checks: open sockets where that is allowed, return facts, judge nothing."""

from qiq.checks.model import CheckResult, Finding, Status, Target

__all__ = ["CheckResult", "Finding", "Status", "Target"]
