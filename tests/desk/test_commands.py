"""`qiq case`, `qiq incident` and `qiq status` as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from qiq.cli import case, incident
from qiq.cli.status import status
from qiq.desk import Desk
from tests.desk.blank import blank
from tests.gateway.conftest import settings_with, wording

run = CliRunner().invoke


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    (tmp_path / "hosting.yml").write_text(yaml.safe_dump(settings_with().model_dump(mode="json")))
    monkeypatch.setenv("QIQ_HOSTING", str(tmp_path / "hosting.yml"))
    monkeypatch.setenv("QIQ_STATE", str(tmp_path))
    monkeypatch.delenv("QIQ_DATABASE_URL", raising=False)
    monkeypatch.setattr("qiq.cli._desk.load_wording", wording)
    return Desk(blank(tmp_path / "desk.db"))


def a_case(desk: Desk, who: str = "ann") -> str:
    conversation = desk.open_conversation("rest", who)
    found = desk.open_case(conversation.id, "email_cannot_send", "example.com", "stuck")
    return found.number


def said(desk: Desk, number: str) -> list[str]:
    conversation = desk.case(number).conversation_id  # type: ignore[union-attr]
    return [m.body["text"] for m in desk.history(conversation) if m.kind == "message"]


def test_a_person_reads_replies_and_resolves_without_slack(desk: Desk) -> None:
    number = a_case(desk)
    assert number in run(case.app, ["list"]).output
    assert run(case.app, ["reply", number.lower(), "Good morning", "--as", "Zoë"]).exit_code == 0
    assert said(desk, number) == ["Zoë is here now and reads along.", "Good morning"]
    assert "Zoë: Good morning" in run(case.app, ["show", number]).output
    taken = run(case.app, ["claim", number, "--as", "Bob"])
    assert taken.exit_code == 2
    assert "Zoë has the talk" in taken.output
    assert run(case.app, ["resolve", number, "--as", "Zoë"]).exit_code == 0
    assert run(case.app, ["list"]).output == "No open cases.\n"


def test_a_number_that_is_none_says_what_to_do(desk: Desk) -> None:
    missing = run(case.app, ["show", "QIQ-00000"])
    assert missing.exit_code == 2
    assert "qiq case list" in missing.output


def test_an_incident_by_hand(desk: Desk) -> None:
    number = a_case(desk)
    opened = run(incident.app, ["open", "mail.imaps.refused", "server1", "Mail is down"])
    desk.join_incident(number, "mail.imaps.refused", "server1")
    start = opened.output.strip()[:8]
    assert run(incident.app, ["update", start, "A disk is replaced"]).exit_code == 0
    closed = run(incident.app, ["close", start, "The disk is new."])
    assert closed.output == "Closed; 1 customers told.\n"
    assert "The disk is new." in said(desk, number)[0]
    assert run(incident.app, ["close", start, "again"]).exit_code == 2
    assert "closed" in run(incident.app, ["list"]).output


def test_the_status_names_what_does_not_work(desk: Desk) -> None:
    import typer

    app = typer.Typer()
    app.command()(status)
    shown = run(app, ["--url", "http://127.0.0.1:1"])
    assert shown.exit_code == 1
    assert "gateway: DOES NOT WORK" in shown.output
