"""What is kept about a person can be shown to them, deleted, and is forgotten in time."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from typer.testing import CliRunner

from qiq.cli.privacy import app
from qiq.desk import Desk
from qiq.desk.model import FileRecord
from qiq.desk.schema import metadata
from qiq.desk.tracker import Tracker
from tests.desk.blank import blank
from tests.gateway.conftest import settings_with


class Found:
    subject: dict[str, str] = {}  # noqa: RUF012
    complaint: dict[str, str] = {}  # noqa: RUF012

    def payload(self) -> dict[str, str]:
        return {"verdict": "host_fault", "cause": "mail.imaps.refused"}

    def staff_text(self) -> str:
        return "refused"


def a_life(desk: Desk, who: str, email: str) -> tuple[str, str]:
    """A conversation with one of everything. Returns its id and the case's number."""
    one = desk.open_conversation("telegram", who).id
    desk.append(one, "visitor", "message", {"text": f"I am {who}"}, key="k1", turn={})
    desk.append(one, "bot", "message", {"text": "hello"}, key="k2")
    desk.issue_buttons(one, [("Yes", {"intent": "affirm"})])
    case = desk.open_case(one, "email_cannot_send", "example.com", f"{who} cannot send")
    desk.record_diagnosis(case, {"verdict": "host_fault"}, "x")
    desk.record_step(case, "restart")
    desk.alert(case, Found())
    desk.join_incident(case, "mail.imaps.refused", "server1")
    desk.hand_over(one, "asked", f"{who} is angry", case)
    desk.leave_contact(one, {"email": email, "when": "today"})
    desk.new_code(one, email, ["example.com"])
    desk.begin_ticket(case.number, "webhook", "m")
    desk.add_file(FileRecord("f_" + who, one, "image/png", 1, 1, f"files/{who}.png", desk.now()))
    return one, case.number


def rows(desk: Desk) -> dict[str, int]:
    with desk.engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_a_person_is_found_by_whatever_they_know_of_themselves(desk: Desk) -> None:
    one, number = a_life(desk, "ann", "ann@example.com")
    a_life(desk, "bob", "bob@example.com")
    visitor = desk.conversation(one).visitor  # type: ignore[union-attr]
    for known in (one, number.lower(), visitor, "ann", "ann@example.com"):
        assert desk.conversations_of(known) == [one], known
    assert desk.conversations_of("carl") == []


def test_the_export_holds_everything_but_secrets(desk: Desk) -> None:
    one, number = a_life(desk, "ann", "ann@example.com")
    text = json.dumps(desk.export(one))
    for part in ("I am ann", number, "restart", "ann is angry", "ann@example.com", "refused"):
        assert part in text
    assert "digest" not in text


def test_deleting_one_person_leaves_nothing_of_them_and_all_of_the_others(desk: Desk) -> None:
    a_life(desk, "bob", "bob@example.com")
    before = rows(desk)
    one, _ = a_life(desk, "ann", "ann@example.com")
    desk.may_ask_code("x")
    assert desk.delete_conversation(one) == ["files/ann.png"]
    after = rows(desk)
    # An hour's rate limit is kept as a digest, which names nobody.
    assert {k: v for k, v in after.items() if k != "counted"} == {
        k: v for k, v in before.items() if k != "counted"
    }


def test_old_conversations_expire_but_not_while_a_fault_is_watched(desk: Desk, clock) -> None:
    one, number = a_life(desk, "ann", "ann@example.com")
    clock.pass_(days=91)
    assert desk.expired(90) == []
    desk.repaired(number, {"text": "fixed"})
    assert desk.expired(90) == [], "it has just been written to"
    clock.pass_(days=91)
    assert desk.expired(90) == [one]


def remember(path: Path, conversation: str) -> None:
    """A row as Rasa's tracker store writes it."""
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE rasa_tracker (conversation VARCHAR(255) PRIMARY KEY, state TEXT, "
            "updated FLOAT)"
        )
        events = json.dumps([{"event": "user", "text": "I am ann"}])
        database.execute("INSERT INTO rasa_tracker VALUES (?, ?, 0)", (conversation, events))


def test_the_command_deletes_desk_memory_pictures_and_ids_in_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hosting.yml").write_text(yaml.safe_dump(settings_with().model_dump(mode="json")))
    monkeypatch.setenv("QIQ_HOSTING", str(tmp_path / "hosting.yml"))
    monkeypatch.setenv("QIQ_STATE", str(tmp_path))
    for name in ("QIQ_DATABASE_URL", "QIQ_TRACKER_URL"):
        monkeypatch.delenv(name, raising=False)
    desk = Desk(blank(tmp_path / "desk.db"))
    one, number = a_life(desk, "ann", "ann@example.com")
    remember(tmp_path / "tracker.db", one)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "ann.png").write_bytes(b"x")
    (tmp_path / "gateway.log").write_text(f"turn of {one} in {number}\nanother line\n")

    shown = CliRunner().invoke(app, ["export", number])
    assert json.loads(shown.output)[0]["working_memory"][0]["text"] == "I am ann"
    done = CliRunner().invoke(app, ["delete", number, "--yes"])
    assert done.output == "Deleted 1 conversations; 1 log lines lost their ids.\n"
    assert desk.conversation(one) is None
    assert Tracker(f"sqlite:///{tmp_path / 'tracker.db'}").export(one) == []
    assert not (tmp_path / "files" / "ann.png").exists()
    log = (tmp_path / "gateway.log").read_text()
    assert one not in log
    assert "another line" in log
    again = CliRunner().invoke(app, ["delete", number, "--yes"])
    assert again.exit_code == 2
