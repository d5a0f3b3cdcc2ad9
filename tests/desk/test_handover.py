"""From the bot to a person and back."""

from __future__ import annotations

from qiq.desk import Desk


def talk(desk: Desk, who: str = "visitor-1") -> str:
    return desk.open_conversation("widget", who).id


def states(desk: Desk, conversation: str) -> list[str]:
    return [m.body["holder"] for m in desk.history(conversation) if m.kind == "state"]


def test_the_queue_is_first_come_first_served(desk: Desk) -> None:
    one, two = talk(desk, "a"), talk(desk, "b")
    first = desk.hand_over(one, "asked", "Ann, Outlook")
    second = desk.hand_over(two, "asked", "Bob, Mac Mail")
    assert (first.state, first.position, second.position) == ("waiting", 1, 2)
    assert second.wait_minutes == 20
    assert desk.hand_over(one, "asked again", "…").position == 1
    assert [c for c, _ in desk.waiting()] == [one, two]
    assert [a.text for a in desk.open_alerts()] == ["Ann, Outlook", "Bob, Mac Mail"]


def test_no_number_of_minutes_is_told_that_nobody_can_know(desk: Desk) -> None:
    places = [desk.hand_over(talk(desk, str(n)), "asked", "") for n in range(50)]
    told = [one.wait_minutes for one in places]
    assert told[:6] == [10, 20, 30, 40, 50, 60]
    assert set(told[6:]) == {None}, "beyond an hour it would be a guess"
    today = [one.today for one in places]
    assert today == sorted(today, reverse=True)
    assert (today[43], today[44]) == (True, False), "just under seven and a half hours are left"


def test_shortly_before_closing_no_answer_is_promised_for_today(desk: Desk, clock) -> None:
    clock.pass_(hours=7, minutes=25)
    late = desk.hand_over(talk(desk), "asked", "")
    assert (late.open_now, late.today, late.wait_minutes) == (True, False, None)


def test_office_hours(desk: Desk, clock) -> None:
    assert desk.hand_over(talk(desk), "asked", "").open_now
    clock.pass_(hours=12)
    assert not desk.hand_over(talk(desk, "b"), "asked", "").open_now


def test_a_person_takes_over_and_gives_back(desk: Desk) -> None:
    one = talk(desk)
    desk.hand_over(one, "asked", "")
    assert desk.join_person(one, "Ann")
    assert not desk.join_person(one, "Bob"), "one person at a time"
    assert desk.conversation(one).holder == "person"  # type: ignore[union-attr]
    assert desk.back_to_bot(one)
    assert not desk.back_to_bot(one)
    assert states(desk, one) == ["waiting", "person", "bot"]
    assert desk.handover(one) is None
    assert desk.open_alerts() == []


def test_the_customer_may_go_back_while_waiting(desk: Desk) -> None:
    one = talk(desk)
    desk.hand_over(one, "asked", "")
    desk.back_to_bot(one)
    assert desk.waiting() == []


def test_staff_may_step_in_unasked(desk: Desk) -> None:
    one = talk(desk)
    assert desk.join_person(one, "Ann")
    assert states(desk, one) == ["person"]


def test_the_offline_form_is_kept(desk: Desk) -> None:
    one = talk(desk)
    assert not desk.leave_contact(one, {"email": "a@example.com"})
    desk.hand_over(one, "asked", "")
    assert desk.leave_contact(one, {"email": "a@example.com", "when": "after six"})
    assert desk.handover(one).contact["when"] == "after six"  # type: ignore[union-attr]
