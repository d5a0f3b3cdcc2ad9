"""Rules that hold for every input, however odd."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from qiq.checks.model import CheckResult, Status
from qiq.verdict import Code, Complaint, Incident, Standing, judge
from tests.verdict.build import (
    CAUSES,
    HOST_CODES,
    any_complaint,
    any_result,
    any_results,
    complaint,
    ids,
    passed,
    result,
)

SENT_AWAY = (Code.THIRD_PARTY, Code.ALL_CLEAR)
standings = st.sampled_from([Standing(False), Standing(True)])
incidents = st.lists(st.builds(Incident, st.sampled_from(["Mail is slow", "Störung"])), max_size=2)


@settings(deadline=None, max_examples=400)
@given(any_complaint(), any_results, ids, st.sampled_from([None, *CAUSES]), standings)
def test_a_failing_check_of_our_own_service_never_sends_the_customer_away(
    asked: Complaint, others: list[CheckResult], id: str, code: str | None, standing: Standing
) -> None:
    failing = result(id, Status.FAIL, code, own=True)
    assert judge(asked, [*others, failing], standing).code not in SENT_AWAY


@settings(deadline=None, max_examples=400)
@given(
    any_complaint(), any_results, ids, st.sampled_from([Status.ERROR, Status.SKIP]), standings,
    incidents,
)  # fmt: skip
def test_a_required_check_without_an_answer_never_sends_the_customer_away(
    asked: Complaint,
    others: list[CheckResult],
    id: str,
    status: Status,
    standing: Standing,
    known: list[Incident],
) -> None:
    blind = result(id, status, required=True)
    assert judge(asked, [*others, blind], standing, known).code not in SENT_AWAY


@settings(deadline=None, max_examples=400)
@given(any_complaint(), any_results, ids, st.sampled_from(HOST_CODES), any_results)
def test_more_evidence_never_moves_a_host_fault_away_from_the_host(
    asked: Complaint, others: list[CheckResult], id: str, code: str, more: list[CheckResult]
) -> None:
    evidence = [*others, result(id, Status.FAIL, code, own=True)]
    assert judge(asked, evidence).code is Code.HOST_FAULT
    assert judge(asked, [*evidence, *more]).code is Code.HOST_FAULT


@settings(deadline=None, max_examples=300)
@given(any_complaint(), any_results, standings, incidents, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(
    asked: Complaint,
    evidence: list[CheckResult],
    standing: Standing,
    known: list[Incident],
    shuffler: random.Random,
) -> None:
    first = judge(asked, evidence, standing, known)
    shuffler.shuffle(evidence)
    shuffler.shuffle(known)
    second = judge(asked, evidence, standing, known)
    assert (first.code, first.cause, first.party, set(first.also), dict(first.args)) == (
        second.code, second.cause, second.party, set(second.also), dict(second.args),
    )  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(any_complaint(), any_result(), st.integers(2, 4))
def test_the_same_finding_said_several_times_is_one_cause(
    asked: Complaint, one: CheckResult, times: int
) -> None:
    many = judge(asked, [one] * times)
    assert many.cause == judge(asked, [one]).cause
    assert many.cause not in many.also
    assert len(many.also) == len(set(many.also))


@given(any_complaint(), any_results)
def test_every_verdict_has_the_side_its_cause_has(
    asked: Complaint, evidence: list[CheckResult]
) -> None:
    verdict = judge(asked, evidence)
    cause = CAUSES[verdict.cause]
    assert (verdict.code, verdict.party) == (cause.verdict, cause.party)


@given(st.sets(st.sampled_from(["imap", "imaps", "pop3", "pop3s", "smtp"]), min_size=3))
def test_a_machine_that_is_gone_is_one_cause_and_not_one_per_service(services: set[str]) -> None:
    family = {"imaps": "imap", "pop3s": "pop3"}
    evidence = [
        result(
            f"mail.{s}.connect", Status.FAIL, f"mail.{family.get(s, s)}.timeout", own=True
        )
        for s in services
    ]  # fmt: skip
    verdict = judge(complaint(), evidence)
    assert verdict.cause == "mail.server.unreachable"
    assert verdict.also == ()


@given(any_complaint())
def test_without_any_evidence_nobody_is_sent_away(asked: Complaint) -> None:
    assert judge(asked, []).code is Code.INCONCLUSIVE
    nothing_required = [result(required=False)]
    assert judge(asked, nothing_required).code not in (Code.THIRD_PARTY, Code.ALL_CLEAR)


def test_passing_checks_and_a_named_program_point_to_the_program() -> None:
    verdict = judge(complaint(client="outlook-classic-windows"), passed())
    assert (verdict.code, verdict.certainty) == (Code.THIRD_PARTY, "likely")
    assert verdict.cause == "client.mail_program"


def test_passing_checks_and_nothing_named_is_all_clear() -> None:
    assert judge(complaint(), passed()).code is Code.ALL_CLEAR
