"""What travels between the bot and its agent: JSON without account facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qiq.checks.errors import printable
from qiq.checks.model import CheckResult, Finding, Status, Target
from qiq.hosting import DomainFacts

MOST = 200
PREFIX = "vantage."
NEVER = ("account.", "mail.canary", "dns.registration", "dns.freshness", "tls.issuer_seen")
"""Checks that stay at home: they need account facts, secrets, or look the same from anywhere."""


def question(
    batteries: tuple[str, ...], target: Target, known: DomainFacts | None
) -> dict[str, Any]:
    """What the agent is asked. Nobody's mail address or internet address leaves the house."""
    return {
        "batteries": list(batteries),
        "target": {
            "domain": target.domain, "host": target.host, "url_path": target.url_path,
            "named_server": target.named_server,
        },
        "server": known.server if known else None,
        "mail_server": known.mail_server if known else None,
        "mail_routing": known.mail_routing if known else "local",
    }  # fmt: skip


def asked_target(data: Mapping[str, Any]) -> Target:
    """The target of a question. Raises ``ValueError`` for anything odd."""
    found = data.get("target")
    if not isinstance(found, dict) or not isinstance(found.get("domain"), str):
        raise ValueError("target.domain is missing; send the domain to look at")
    texts = {key: str(found.get(key) or "") for key in ("domain", "host", "url_path")}
    if any(len(text) > 2048 for text in texts.values()):
        raise ValueError("target: a text is longer than 2048 characters")
    named = found.get("named_server")
    return Target(
        texts["domain"], texts["host"] or texts["domain"], texts["url_path"] or "/",
        named_server=str(named)[:255] if named else None,
    )  # fmt: skip


def answer(results: list[CheckResult]) -> dict[str, Any]:
    return {
        "results": [
            {
                "id": r.id, "target": r.target, "status": str(r.status), "reason": r.reason,
                "ms": r.ms, "required": r.required, "own": r.own,
                "findings": [{"code": f.code, "args": dict(f.args)} for f in r.findings],
            }
            for r in results
        ]
    }  # fmt: skip


def read(data: object) -> list[CheckResult]:
    """Results as seen from there. Raises ``ValueError`` when the answer cannot be used."""
    found = data.get("results") if isinstance(data, dict) else None
    if not isinstance(found, list) or not found:
        raise ValueError("the agent sent no results")
    return [_result(entry) for entry in found[:MOST]]


def _result(entry: Any) -> CheckResult:
    if not isinstance(entry, dict):
        raise ValueError("the agent sent something that is not a result")
    findings = tuple(
        Finding(str(f["code"]), {str(k): printable(str(v)) for k, v in f["args"].items()})
        for f in entry.get("findings") or []
    )
    result = CheckResult(
        str(entry["id"]), printable(str(entry["target"])), Status(entry["status"]), findings,
        reason=str(entry.get("reason", "")), ms=int(entry.get("ms", 0)),
        required=bool(entry.get("required")), own=bool(entry.get("own")),
    )  # fmt: skip
    return replace(result, id=PREFIX + result.id)
