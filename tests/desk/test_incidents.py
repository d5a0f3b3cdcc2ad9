"""The same fault for several customers."""

from __future__ import annotations

from qiq.desk import Case, Desk

CAUSE, SERVER = "mail.imap.refused", "server1"


def a_case(desk: Desk, who: str) -> Case:
    conversation = desk.open_conversation("widget", who)
    return desk.open_case(conversation.id, "email_cannot_connect", "example.com", "no mail")


def report(desk: Desk, who: str) -> Case:
    case = a_case(desk, who)
    desk.join_incident(case, CAUSE, SERVER)
    return case


def texts(desk: Desk, case: Case) -> list[str]:
    return [m.body["text"] for m in desk.history(case.conversation_id) if m.kind == "message"]


def test_three_customers_within_minutes_are_an_incident(desk: Desk, clock) -> None:
    started = clock.moment
    for who in ("a", "b"):
        report(desk, who)
    assert desk.incident_for(CAUSE, SERVER) is None
    report(desk, "c")
    incident = desk.incident_for(CAUSE, SERVER)
    assert incident is not None
    assert incident.count == 3
    assert (incident.opened_at - started).total_seconds() < 1, "since the first complaint"


def test_the_next_customer_joins(desk: Desk) -> None:
    for who in "abcd":
        report(desk, who)
    assert [one.count for one in desk.open_incidents()] == [4]


def test_one_customer_complaining_thrice_is_not_an_incident(desk: Desk) -> None:
    for _ in range(3):
        report(desk, "same")
    assert desk.open_incidents() == []


def test_complaints_hours_apart_are_not_an_incident(desk: Desk, clock) -> None:
    for who in "abc":
        report(desk, who)
        clock.pass_(minutes=16)
    assert desk.open_incidents() == []


def test_another_server_is_another_matter(desk: Desk) -> None:
    for who in "abc":
        report(desk, who)
    assert desk.incident_for(CAUSE, "server2") is None


def test_everyone_is_told_once_at_the_end(desk: Desk) -> None:
    cases = [report(desk, who) for who in "abc"]
    [incident] = desk.open_incidents()
    told = desk.close_incident(incident.id, "Mail works.", "Ann", {"text": "It works again."})
    assert len(told) == 3
    assert desk.close_incident(incident.id, "again", "Ann", {"text": "It works again."}) == []
    assert [texts(desk, case) for case in cases] == [["It works again."]] * 3
    assert desk.incident_for(CAUSE, SERVER) is None


def test_who_was_told_by_their_own_watch_is_not_told_again(desk: Desk) -> None:
    cases = [report(desk, who) for who in "abc"]

    class Found:
        subject: dict[str, str] = {}  # noqa: RUF012
        complaint: dict[str, str] = {}  # noqa: RUF012

        def payload(self) -> dict[str, str]:
            return {"cause": CAUSE}

        def staff_text(self) -> str:
            return "refused"

    for case in cases:
        desk.alert(case, Found())
    desk.repaired(cases[0].number, {"text": "fixed"})
    [incident] = desk.open_incidents()
    assert desk.ended_incidents() == [], "two customers still wait for their proof"
    desk.close_incident(incident.id, "done", "Ann", {"text": "It works again."})
    assert texts(desk, cases[0]) == ["fixed"]
    assert texts(desk, cases[1]) == ["It works again."]
    assert desk.due_watches() == [], "a closed incident is not watched on"


def test_staff_open_update_and_close_by_hand(desk: Desk) -> None:
    opened = desk.start_incident("web.http.down", SERVER, "Web server down", "Ann")
    assert desk.start_incident("web.http.down", SERVER, "again", "Bob").id == opened.id
    desk.update_incident(opened.id, "A disk is being replaced.", "Ann")
    desk.close_incident(opened.id, "The disk was replaced.", "Ann")
    [ended] = desk.recent_incidents()
    assert [line.text for line in ended.updates] == [
        "Web server down",
        "A disk is being replaced.",
        "The disk was replaced.",
    ]


def test_who_was_told_of_an_incident_is_told_of_its_end_once(desk: Desk) -> None:
    incident = desk.start_incident("mail.imap.refused", "mail.qiq.example", "incoming mail", "Mia")
    conversation = desk.open_conversation("widget", "told").id
    case = desk.open_case(conversation, "email_cannot_receive", "example.com", "…")
    for _ in range(2):
        desk.join_known(case, incident.id)
    assert desk.incident(incident.id).count == 1  # type: ignore[union-attr]
    told = desk.close_incident(incident.id, "Repaired.", "Mia", {"text": "It is over."})
    assert [message.conversation_id for message in told] == [conversation]
    desk.join_known(case, incident.id)
    assert desk.incident(incident.id).count == 1, "what is over has no new customers"  # type: ignore[union-attr]
