"""Errors nobody has described yet are counted for staff, about nobody in particular."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection
from typer.testing import CliRunner

from qiq.cli import errors
from qiq.desk import Desk, unknown
from qiq.desk.unknown import UnknownErrors
from qiq.knowledge.load.errors import load_errors
from qiq.knowledge.load.files import Files
from qiq.knowledge.model import UnknownError
from qiq.knowledge.problems import Problems
from tests.desk.blank import blank
from tests.desk.conftest import Clock
from tests.gateway.conftest import settings_with

run = CliRunner().invoke


def met(text: str = "0x8ABCDEF0", kind: str = "hex", **read: object) -> UnknownError:
    return UnknownError(text, kind, 0, len(text), **read)  # type: ignore[arg-type]


def test_the_same_error_is_counted_and_the_latest_reading_is_kept(desk: Desk, clock: Clock) -> None:
    own = {"mail.qiq.example"}
    desk.keep_unknown([met(host="mail.qiq.example", port=993, protocol="imap")], own)
    clock.pass_(hours=2)
    desk.keep_unknown([met("0x8abcdef0", port=465, protocol="smtp")], own)
    (kept,) = desk.unknown_errors()
    assert (kept.count, kept.host, kept.port) == (2, "mail.qiq.example", 465)
    assert (kept.last_at - kept.first_at).seconds >= 7200


def test_a_customers_server_name_is_not_kept(desk: Desk) -> None:
    desk.keep_unknown([met(host="mail.müller.example", port=993)], {"mail.qiq.example"})
    (kept,) = desk.unknown_errors()
    assert (kept.host, kept.port) == (None, 993)


def test_what_nobody_meets_any_more_is_forgotten(desk: Desk, clock: Clock) -> None:
    desk.keep_unknown([met("ERR_OLD_FAILED", "constant")])
    clock.pass_(hours=48)
    desk.keep_unknown([met("ERR_NEW_FAILED", "constant")])
    assert desk.forget_unknown_after(1) == 1
    assert [one.text for one in desk.unknown_errors()] == ["ERR_NEW_FAILED"]


def test_an_error_met_by_two_processes_at_once_is_counted_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = UnknownErrors._make_room

    def other_process_first(connection: Connection) -> None:
        monkeypatch.setattr(UnknownErrors, "_make_room", staticmethod(rest))
        desk._keep(connection, met())

    monkeypatch.setattr(UnknownErrors, "_make_room", staticmethod(other_process_first))
    desk.keep_unknown([met()])
    (kept,) = desk.unknown_errors()
    assert kept.count == 2


def test_addresses_of_a_customer_are_not_kept(desk: Desk) -> None:
    text = "Zoë <zoe@müller.example> could not reach 203.0.113.9 via https://müller.example/x"
    desk.keep_unknown([met(text, "quoted")])
    (kept,) = desk.unknown_errors()
    assert kept.text == "Zoë <(e-mail address)> could not reach (IP address) via (web address)"


def test_the_list_has_an_end_and_keeps_what_is_met_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown, "MOST_KEPT", 3)
    desk.keep_unknown([met("ERR_OFTEN_FAILED", "constant"), met("ERR_OFTEN_FAILED", "constant")])
    for n in range(5):
        desk.keep_unknown([met(f"ERR_INVENTED_FAILED_{n}", "constant")])
    kept = [one.text for one in desk.unknown_errors()]
    assert kept == ["ERR_OFTEN_FAILED", "ERR_INVENTED_FAILED_4", "ERR_INVENTED_FAILED_3"]


@pytest.fixture
def staffed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    (tmp_path / "hosting.yml").write_text(yaml.safe_dump(settings_with().model_dump(mode="json")))
    monkeypatch.setenv("QIQ_HOSTING", str(tmp_path / "hosting.yml"))
    monkeypatch.setenv("QIQ_STATE", str(tmp_path))
    monkeypatch.delenv("QIQ_DATABASE_URL", raising=False)
    return Desk(blank(tmp_path / "desk.db"))


def test_staff_see_them_and_what_was_read(staffed: Desk) -> None:
    assert run(errors.app, ["unknown"]).output == "No unknown errors.\n"
    staffed.keep_unknown([met(port=993, protocol="imap"), met("0x800CCC0E")])
    shown = run(errors.app, ["unknown"]).output
    assert "IMAP, port 993" in shown
    assert "explained by now: outlook-0x800ccc0e" in " ".join(shown.split())


def test_the_export_is_an_entry_that_says_what_is_still_missing(staffed: Desk) -> None:
    staffed.keep_unknown(
        [
            met(port=993, protocol="imap"),
            met("4.9.77", "dsn", code_class="temporary"),
            met("477", "reply", code_class="temporary"),
            met("Could not reach müller.example (it's gone)", "quoted"),
        ]
    )
    printed = run(errors.app, ["export"]).output
    assert "seen 1 x" in printed
    problems = Problems()
    files = Files({"errors/new.yml": yaml.safe_load(printed)}, problems)
    book = load_errors(files, ["svc_ports"], [], [])
    said = "\n".join(problems.found)
    assert len(book.entries) == 4
    assert len(book.patterns) == 4
    assert "'meaning'" in said
    assert "pattern" not in said


def test_a_completed_export_finds_the_error_at_another_customer(staffed: Desk) -> None:
    staffed.keep_unknown([met("Could not reach müller.example (it's gone)", "quoted")])
    (entry,) = yaml.safe_load(run(errors.app, ["export"]).output).values()
    import re

    assert re.search(entry["patterns"][0], "Could not\nreach example.org (it's gone)")


def test_what_is_settled_is_taken_off(staffed: Desk) -> None:
    staffed.keep_unknown([met()])
    (kept,) = staffed.unknown_errors()
    assert run(errors.app, ["forget", kept.id]).exit_code == 0
    assert staffed.unknown_errors() == []
    missing = run(errors.app, ["forget", "nonsense"])
    assert missing.exit_code == 2
    assert "qiq errors unknown" in missing.output
