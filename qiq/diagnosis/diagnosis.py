"""The finished diagnosis: the payload programs read, and the text that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qiq.checks.model import CheckResult, Status, Target
from qiq.diagnosis import words
from qiq.diagnosis.subject import Subject
from qiq.knowledge.setup import security_word, settings_card
from qiq.settings import Settings
from qiq.verdict import Code, Complaint, Verdict, catalogue

CARD_VERDICTS = frozenset({Code.THIRD_PARTY})
SHOWN = 3


@dataclass(frozen=True)
class Diagnosis:
    """One complaint, looked at. ``results`` are in the order in which they are shown."""

    verdict: Verdict
    subject: Subject
    complaint: Complaint
    settings: Settings
    results: tuple[CheckResult, ...] = ()
    target: Target | None = None
    service: str = ""
    referrals: tuple[Mapping[str, Any], ...] = ()
    rate_limited: bool = False
    did_you_mean: str | None = None
    country: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def payload(
        self, case: str | None = None, ticket: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The contract of the design. ``case`` and ``ticket`` belong to the desk."""
        verdict = self.verdict
        return {
            "type": "diagnosis", "version": 1, "case": case,
            "subject": {"domain": self._domain(), "service": self.service},
            "verdict": str(verdict.code), "party": str(verdict.party), "cause": verdict.cause,
            "certainty": str(verdict.certainty),
            "checks": [check_line(result) for result in self.results],
            "next_steps": list(self.next_steps()), "referrals": [dict(r) for r in self.referrals],
            "settings": self._card(), "ticket": dict(ticket) if ticket else None,
        }  # fmt: skip

    def headline(self) -> str:
        """What was found and what it means."""
        return words.fill(catalogue()[self.verdict.cause].customer, self.verdict.args)

    def next_steps(self) -> tuple[str, ...]:
        steps = catalogue()[self.verdict.cause].next_steps
        return tuple(words.fill(step, self.verdict.args) for step in steps)

    def text(self) -> str:
        """The same for people without a card."""
        parts = [self.headline()]
        parts += self._list("found", self._shown())
        parts += self._list("next", self.next_steps())
        parts += self._list("doors", [_door(referral) for referral in self.referrals])
        card = self._card()
        if card:
            parts.append("\n".join(_server_line(server) for server in card["servers"]))
        parts += self._list("also", self._also())
        return "\n\n".join(part for part in parts if part)

    def staff_text(self) -> str:
        """The details customers are spared."""
        cause = catalogue()[self.verdict.cause]
        lines = [
            f"{self.verdict.cause} ({self.verdict.code}, {self.verdict.certainty}) "
            f"for {self._domain() or 'no domain'}: {words.fill(cause.staff, self.verdict.args)}"
        ]
        for result in self.results:
            if result.status is not Status.PASS:
                facts = " ".join(f"{k}={v}" for k, v in result.facts.items() if v not in ("", None))
                lines.append(
                    f"{result.status}: {result.id} {result.target} {result.reason} {facts}".rstrip()
                )
        if self.verdict.also:
            lines.append("also: " + ", ".join(self.verdict.also))
        return "\n".join(lines)

    def _domain(self) -> str | None:
        return self.target.domain if self.target else None

    def _shown(self) -> list[str]:
        failing = [r for r in self.results if r.status is Status.FAIL]
        lines = list(dict.fromkeys(words.summary(r) for r in failing))[:SHOWN]
        passed = sum(1 for r in self.results if r.status is Status.PASS)
        return lines + ([words.heading("passed", count=passed)] if passed else [])

    def _also(self) -> list[str]:
        warned = [r for r in self.results if r.status is Status.WARN]
        return [words.summary(r) for r in warned if r.findings[0].code != self.verdict.cause][
            :SHOWN
        ]

    @staticmethod
    def _list(heading: str, lines: list[str] | tuple[str, ...]) -> list[str]:
        return (
            ["\n".join([words.heading(heading), *(f"- {line}" for line in lines)])] if lines else []
        )

    def _card(self) -> dict[str, Any] | None:
        """The generic mail settings, handed out where the server is proven fine."""
        if self.service != "mail" or self.verdict.code not in CARD_VERDICTS:
            return None
        mail = self.settings.mail
        user = self.subject.email or words.settings_hint()
        return settings_card(mail.incoming, mail.outgoing, user)


def check_line(result: CheckResult) -> dict[str, Any]:
    """One check as the payload and the progress messages have it."""
    return {
        "id": result.id, "target": result.target, "status": str(result.status),
        "summary": words.summary(result), "ms": result.ms,
    }  # fmt: skip


def _door(referral: Mapping[str, Any]) -> str:
    where = " or ".join(str(referral[key]) for key in ("url", "phone") if referral.get(key))
    return f"{referral['name']}: {where}" if where else str(referral["name"])


def _server_line(server: Mapping[str, Any]) -> str:
    security = security_word(server["security"])
    return f"{server['protocol'].upper()}: {server['host']}, port {server['port']}, {security}"
