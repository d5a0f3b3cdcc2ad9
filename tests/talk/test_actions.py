"""The actions as Rasa calls them: tracker in, events and messages out, the desk for real."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import casebook, check, office
from actions.complain import ActionComplain
from actions.hand_over import ActionHandOver
from actions.say_again import ActionSayAgain
from actions.solved import ActionSolved
from qiq.desk import Desk, StoreUnavailable
from qiq.talk import memory
from qiq.talk.house import House
from qiq.talk.model import Problem, Say, Talk
from qiq.verdict import Incident
from tests.talk.conftest import payload


@pytest.fixture
def desk(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Desk:
    opened = Desk(f"sqlite:///{tmp_path / 'desk.db'}")
    monkeypatch.setattr(office, "desk", lambda: opened)
    monkeypatch.setattr(office, "house", lambda: house)
    return opened


def tracker(intent: str, text: str, conversation: str = "c_1", talk: Talk | None = None,
            **entities: str) -> Tracker:  # fmt: skip
    """A tracker in the middle of a turn; ``talk`` is what was kept."""
    latest = {
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}, {"name": "x", "confidence": 0.1}],
        "entities": [{"entity": k, "value": v} for k, v in entities.items()],
        "text": text,
        "metadata": {"visitor": {"id": "v_1", "verified_domains": []}},
    }
    slots = {"talk": memory.dump(talk)} if talk else {}
    return Tracker(conversation, slots, latest, [], False, None, {}, "action_listen")


async def run(action: Any, at: Tracker) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, at, {})
    return events, dispatcher.messages


async def test_a_complaint_asks_keeps_the_state_and_listens(desk: Desk):
    events, messages = await run(ActionComplain(), tracker("site_down", "Seite müller ist weg"))
    assert messages[0]["response"] == "utter_ask_domain_website"
    assert messages[0]["buttons"][1] == {"title": "Talk to a person", "payload": "/ask_human"}
    assert [e["event"] for e in events] == ["slot", "followup"]
    assert events[1]["name"] == "action_listen"
    assert memory.load(events[0]["value"]).active == Problem(
        "site_down", "Seite müller ist weg", asked=("domain",)
    )


async def test_what_the_intent_cannot_tell_goes_to_another_action(desk: Desk):
    at = tracker("site_down", "say that again", talk=Talk(said=(Say("utter_greet"),)))
    events, messages = await run(ActionComplain(), at)
    assert messages == []
    assert [(e["event"], e.get("name")) for e in events] == [("followup", "action_say_again")]


async def test_saying_it_again_keeps_what_is_to_be_repeated(desk: Desk):
    kept = Talk(said=(Say("utter_greet", {"brand": "QiQ"}),))
    events, messages = await run(ActionSayAgain(), tracker("inform", "pardon?", talk=kept))
    assert [m["response"] for m in messages] == ["utter_again", "utter_greet"]
    assert memory.load(events[0]["value"]).said == kept.said


async def test_a_person_is_asked_for_with_the_whole_story(desk: Desk):
    conversation = desk.open_conversation("rest", "anna").id
    case = desk.open_case(conversation, "site_down", "müller.example", "weg").number
    problem = Problem("site_down", "alles weg", "müller.example", case=case, steps=("reload",))
    at = tracker("ask_human", "a person please", conversation, Talk(problems=(problem,)))
    _, messages = await run(ActionHandOver(), at)
    # Which one depends on the hour the test runs at.
    assert messages[0]["response"].startswith("utter_handover_")
    waiting = desk.handover(conversation)
    assert waiting is not None
    assert "alles weg" in waiting.summary
    assert "reload" in waiting.summary
    assert waiting.case_number == case


async def test_a_desk_that_is_down_is_admitted_and_the_mail_address_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def down(*args: object) -> None:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(desk, "hand_over", down)
    _, messages = await run(ActionHandOver(), tracker("ask_human", "a person"))
    assert messages[0]["response"] == "utter_handover_failed"
    assert messages[0]["email"] == "support@qiq.example"


async def test_solved_closes_the_case_in_the_desk(desk: Desk):
    conversation = desk.open_conversation("rest", "anna").id
    case = desk.open_case(conversation, "site_down", "müller.example", "weg").number
    problem = Problem("site_down", "weg", "müller.example", case=case)
    at = tracker("problem_solved", "it works", conversation, Talk(problems=(problem,)))
    await run(ActionSolved(), at)
    closed = desk.case(case)
    assert closed is not None
    assert (closed.state, closed.outcome) == ("closed", "solved")


def diagnosis(verdict: str, **more: Any) -> Any:
    """What the casebook needs of a diagnosis."""
    body = {**payload(verdict, **more), "subject": {"domain": "müller.example"}}
    return SimpleNamespace(
        payload=lambda *_: body, staff_text=lambda: "refused", rate_limited=False,
        subject=SimpleNamespace(), results=(), verdict=SimpleNamespace(args={"host": "mail"}),
    )  # fmt: skip


async def test_incidents_of_the_desk_are_weighed_with_the_checks_they_concern(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.start_incident("mail.imap.refused", "mail", "Störung bei IMAP", "rose")
    desk.start_incident("ftp.server.refused", "server1", "FTP is off", "rose")
    over = desk.start_incident("mail.smtp.refused", "mail", "over", "rose")
    desk.close_incident(over.id, "done", "rose")
    told: list[Incident] = []

    async def look(*_args: object, incidents: list[Incident], **_more: object) -> None:
        told.extend(incidents)
        raise RuntimeError("the rest is tested elsewhere")

    monkeypatch.setattr(check, "diagnose", look)
    problem = Problem("email_cannot_connect", "kein Empfang", "müller.example")
    at = tracker("email_cannot_connect", "kein Empfang", talk=Talk(problems=(problem,)))
    await run(check.ActionCheck(), at)
    assert told == [Incident("Störung bei IMAP", "mail")]


async def test_a_turn_run_twice_after_a_crash_opens_one_case(desk: Desk):
    conversation = desk.open_conversation("rest", "anna").id
    problem = Problem("site_down", "weg", "müller.example")
    first = await casebook.file(conversation, problem, diagnosis("third_party"))
    again = await casebook.file(conversation, problem, diagnosis("third_party"))
    assert first == again
    assert [c.number for c in desk.cases_of(conversation)] == [first]


async def test_a_domain_that_is_not_ours_opens_no_case(desk: Desk):
    conversation = desk.open_conversation("rest", "anna").id
    assert await casebook.file(conversation, Problem("site_down"), diagnosis("not_hosted")) == ""
    assert desk.cases_of(conversation) == []


async def test_a_result_is_told_even_when_it_cannot_be_filed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def down(*args: object) -> None:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(desk, "cases_of", down)
    assert await casebook.file("c_1", Problem("site_down"), diagnosis("third_party")) == ""


async def test_an_unknown_error_is_kept_for_staff(desk: Desk):
    await run(ActionComplain(), tracker("email_cannot_connect", "it shows 0x8ABCDEF0 on port 993"))
    assert [(one.text, one.port) for one in desk.unknown_errors()] == [("0x8ABCDEF0", 993)]


async def test_the_customer_is_answered_when_it_cannot_be_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def locked(*_: object) -> None:
        raise StoreUnavailable("OperationalError")

    monkeypatch.setattr(desk, "keep_unknown", locked)
    _, messages = await run(ActionComplain(), tracker("email_cannot_connect", "shows 0x8ABCDEF0"))
    assert "0x8ABCDEF0" in messages[0]["text"]
