"""Nothing is forgotten: every cause has words, severity, a scenario, and a check that says it."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
import yaml

from lab.scenarios import load
from qiq import knowledge
from qiq.checks.batteries import BY_INTENT, NAMES
from qiq.checks.registry import specs
from qiq.diagnosis import words
from qiq.verdict import catalogue

ROOT = Path(__file__).parents[2]
CAUSES = catalogue()


def literals() -> set[str]:
    """Every text that stands in the code of checks, verdict and diagnosis."""
    found: set[str] = set()
    for folder in ("checks", "verdict", "diagnosis"):
        for path in (ROOT / "qiq" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return found


def patterns() -> list[re.Pattern[str]]:
    """Codes put together in the code: ``f"mail.{family}.{kind}"`` → ``mail\\.[^.]+\\.[^.]+``."""
    found = []
    for path in (ROOT / "qiq" / "checks").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z0-9_.]+"
                    for part in node.values
                ]
                if any("." in part for part in parts):
                    found.append(re.compile("".join(parts) + r"\Z"))
    return found


def test_every_cause_can_be_said_by_the_code() -> None:
    said, shapes = literals(), patterns()
    silent = [c for c in CAUSES if c not in said and not any(p.match(c) for p in shapes)]
    assert silent == []


def test_every_cause_in_the_code_is_in_the_catalogue() -> None:
    areas = {code.split(".")[0] for code in CAUSES}
    code = re.compile(
        r"^(?:mail|dns|web|tls|ftp|account|client|unclear|clear|panel|webmail)(\.[a-z0-9_]+){2}$"
    )
    ids = {spec.id for spec in specs()}
    unknown = {
        text for text in literals()
        if code.match(text) and text.split(".")[0] in areas and text not in {*CAUSES, *ids}
    }  # fmt: skip
    assert {u for u in unknown if not u.startswith(("dns.a.", "vantage."))} == set()


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_every_cause_has_words_and_a_door_or_none(code: str) -> None:
    cause, known = CAUSES[code], knowledge.load()
    assert cause.title
    assert cause.customer
    assert cause.staff
    for referral in cause.referrals:
        known.referral(referral)
    outside = cause.verdict == "third_party" and cause.party != "unknown"
    assert not outside or cause.refer_by_party or cause.referrals


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_no_cause_sends_a_customer_away_with_a_shrug(code: str) -> None:
    cause = CAUSES[code]
    texts = " ".join([cause.customer, *cause.next_steps]).lower()
    assert "not our problem" not in texts
    assert cause.next_steps or cause.verdict == "all_clear"
    assert cause.verdict != "host_fault" or "ours" in texts


def test_no_next_step_asks_a_question() -> None:
    """The talk asks its own right after it: a yes must have one meaning."""
    asking = {code for code, one in CAUSES.items() for step in one.next_steps if "?" in step}
    assert asking == set()


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_texts_for_customers_hold_no_raw_answer_of_a_server(code: str) -> None:
    """Only named, bounded arguments; what a server said is for staff."""
    fields = {f for _, f, _, _ in string.Formatter().parse(CAUSES[code].customer) if f}
    allowed_replies = {"mail.mailbox.refused"}
    assert "reply" not in fields or code in allowed_replies
    assert "token" not in fields


def test_every_check_has_a_label_and_an_id_of_its_own() -> None:
    ids = [spec.id for spec in specs()]
    assert len(ids) == len(set(ids))
    assert [id for id in ids if words.label(id) == id] == []


def test_every_parent_is_a_check_and_every_battery_is_known() -> None:
    ids = {spec.id for spec in specs()}
    for spec in specs():
        assert set(spec.needs) <= ids
        assert spec.batteries <= NAMES


def test_every_reason_has_its_own_sentence() -> None:
    reasons = yaml.safe_load((ROOT / "knowledge" / "checks.yml").read_text("utf-8"))["reasons"]
    assert len(set(reasons.values())) == len(reasons)
    calls = re.compile(r'(?:skip|error)\([^)]*?,\s*"([a-z_]+)"', re.DOTALL)
    used = {
        reason
        for path in (ROOT / "qiq").rglob("*.py")
        if path.parts[-2] not in ("cli", "gateway")
        for reason in calls.findall(path.read_text("utf-8"))
        if "results." in path.read_text("utf-8")
    }
    assert used <= set(reasons)


def test_every_battery_a_complaint_asks_for_exists() -> None:
    assert {name for batteries in BY_INTENT.values() for name in batteries} <= NAMES


NOT_SHOWN = {
    "account.domain_missing": "the panel must lose a domain between two questions",
    "account.php_error": "said beside the fault of the page that it explains",
    "dns.caa.blocks": "a remark beside a verdict",
    "dns.dmarc.missing": "a remark beside a verdict",
    "dns.soa.missing": "the lab's own servers hold the zone, so the fault is the host's",
    "mail.canary.mailbox_closed": "mail/mailbox-does-not-open leaves the cause open",
    "mail.mailbox.refused": "always explained by what the account says",
    "tls.host.handshake_failed": "tls/mail-handshake-fails leaves the cause open",
    "web.page.parked": "web/parked leaves the cause open",
}


def test_every_cause_that_names_a_side_has_a_scenario_in_the_lab() -> None:
    scenarios = load().values()
    shown = {s.expect.cause for s in scenarios} | {s.near_miss.expect.cause for s in scenarios}
    sided = {
        code for code, cause in CAUSES.items()
        if cause.verdict not in ("inconclusive", "all_clear", "not_hosted")
    }  # fmt: skip
    assert sorted(sided - shown - set(NOT_SHOWN)) == []
