"""Cases, alerts and watches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from qiq.desk import Case, Desk


@dataclass
class Found:
    """A diagnosis as the desk sees it."""

    cause: str = "mail.imap.refused"
    subject: dict[str, Any] = field(default_factory=lambda: {"domain_text": "example.com"})
    complaint: dict[str, Any] = field(default_factory=lambda: {"intent": "email_cannot_connect"})

    def payload(self) -> dict[str, Any]:
        return {"type": "diagnosis", "verdict": "host_fault", "cause": self.cause}

    def staff_text(self) -> str:
        return "IMAP refused on mail"


def a_case(desk: Desk, who: str = "visitor-1") -> Case:
    conversation = desk.open_conversation("widget", who)
    return desk.open_case(conversation.id, "email_cannot_connect", "example.com", "no mail")


def texts(desk: Desk, case: Case) -> list[str]:
    return [m.body["text"] for m in desk.history(case.conversation_id) if m.kind == "message"]


def test_a_number_can_be_read_out(desk: Desk) -> None:
    numbers = {a_case(desk).number for _ in range(50)}
    assert len(numbers) == 50
    assert all(re.fullmatch(r"QIQ-[2-9A-HJKMNP-TV-Z]{5}", number) for number in numbers)


def test_a_case_is_found_as_a_customer_types_it(desk: Desk) -> None:
    case = a_case(desk)
    assert desk.case(f" {case.number.lower()} ") == case
    assert desk.case("QIQ-00000") is None


def test_a_case_of_no_conversation_is_an_error(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.open_case("c_none", "x", None, "")


def test_the_case_carries_its_newest_verdict_and_all_evidence(desk: Desk) -> None:
    case = a_case(desk)
    desk.record_diagnosis(case, {"verdict": "inconclusive", "cause": "x"}, "one")
    desk.record_diagnosis(case, {"verdict": "host_fault", "cause": "mail.imap.refused"}, "two")
    found = desk.case(case.number)
    assert found is not None
    assert (found.verdict, found.cause) == ("host_fault", "mail.imap.refused")
    assert [d.staff_text for d in desk.diagnoses(case)] == ["one", "two"]


def test_a_step_counts_once_whatever_came_of_it(desk: Desk) -> None:
    case = a_case(desk)
    assert desk.record_step(case, "restart") == 1
    assert desk.record_step(case, "restart", helped=False) == 1
    assert desk.record_step(case, "other-network") == 2
    assert [(s.step_id, s.helped) for s in desk.steps(case)] == [
        ("restart", False),
        ("other-network", None),
    ]


def test_closing_keeps_the_first_outcome(desk: Desk) -> None:
    case = a_case(desk)
    desk.close_case(case, "solved")
    desk.close_case(case, "cancelled")
    found = desk.case(case.number)
    assert found is not None
    assert (found.state, found.outcome) == ("closed", "solved")
    assert desk.open_cases() == []


def test_stars_are_one_to_five(desk: Desk) -> None:
    case = a_case(desk)
    desk.rate(case, 5)
    assert desk.case(case.number).stars == 5  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="1 to 5"):
        desk.rate(case, 6)


def test_a_host_fault_alerts_once_and_is_watched(desk: Desk) -> None:
    case = a_case(desk)
    desk.alert(case, Found())
    desk.alert(case, Found())
    assert [a.text for a in desk.open_alerts()] == ["IMAP refused on mail"]
    [watch] = desk.due_watches()
    assert watch.subject == {"domain_text": "example.com"}
    assert watch.complaint == {"intent": "email_cannot_connect"}
    assert desk.due_watches() == [], "one process looks at a time"


def test_the_repair_is_told_once_and_closes_the_case(desk: Desk) -> None:
    case = a_case(desk)
    desk.alert(case, Found())
    assert desk.repaired(case.number, {"text": "fixed"}) is not None
    assert desk.repaired(case.number, {"text": "fixed"}) is None
    assert texts(desk, case) == ["fixed"]
    assert desk.open_alerts() == []
    assert desk.case(case.number).outcome == "repaired"  # type: ignore[union-attr]


def test_two_cases_of_one_customer_with_one_fault_are_told_once(desk: Desk) -> None:
    one, two = a_case(desk), a_case(desk)
    desk.alert(one, Found())
    desk.alert(two, Found())
    desk.repaired(one.number, {"text": "fixed"})
    assert desk.repaired(two.number, {"text": "fixed"}) is None
    assert texts(desk, one) == ["fixed"]


def test_a_fault_that_comes_back_is_alerted_and_told_anew(desk: Desk) -> None:
    case = a_case(desk)
    desk.alert(case, Found())
    desk.repaired(case.number, {"text": "fixed"})
    desk.reopen_case(case)
    desk.alert(case, Found())
    assert len(desk.open_alerts()) == 1
    desk.repaired(case.number, {"text": "fixed again"})
    assert texts(desk, case) == ["fixed", "fixed again"]


def test_only_healthy_looks_in_a_row_count(desk: Desk, clock) -> None:
    case = a_case(desk)
    desk.alert(case, Found())
    for healthy, passes in ((True, 1), (False, 0), (True, 1)):
        desk.watch_again(case.number, 10, healthy=healthy)
        assert desk.due_watches() == []
        clock.pass_(seconds=11)
        assert desk.due_watches(lease_seconds=0)[0].passes == passes
