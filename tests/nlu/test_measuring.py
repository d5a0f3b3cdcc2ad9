"""The figures of `qiq evaluate`, on rows whose figures are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiq.evaluate import dataset, entities, floors, metrics
from qiq.evaluate.dataset import Row
from qiq.evaluate.metrics import Found, Parsed


def row(intent: str = "site_down", text: str = "Müllers Seite", **more: object) -> Row:
    return Row("r-1", text, intent, more.get("accept", (intent,)), more.get("entities", ()))  # type: ignore[arg-type]


def test_a_listed_alternative_counts_as_right() -> None:
    rows = [row(accept=("site_down", "site_error")), row("site_slow")]
    assert metrics.accuracy(rows, [Parsed("site_error", 0.9), Parsed("site_down", 0.9)]) == 0.5


def test_confidence_that_fits_the_share_of_right_answers_has_no_error() -> None:
    rows = [row()] * 4
    parsed = [Parsed("site_down", 0.75)] * 3 + [Parsed("greet", 0.75)]
    assert metrics.calibration_error(rows, parsed) == pytest.approx(0.0)


def test_overconfidence_is_an_error() -> None:
    assert metrics.calibration_error([row()] * 2, [Parsed("greet", 0.9)] * 2) == pytest.approx(0.9)


def test_an_out_of_scope_message_taken_for_a_complaint_is_counted() -> None:
    rows = [row("out_of_scope")] * 4
    parsed = [Parsed("site_down", 0.5)] + [Parsed("greet", 0.5)] * 3
    assert metrics.taken_for_complaint(rows, parsed, {"site_down": "web"}) == 0.25


def test_an_entity_is_found_where_type_and_place_fit() -> None:
    rows = [row(text="my Outlook fails", entities=(("client", "Outlook"), ("isp", "fails")))]
    parsed = [Parsed("greet", 1.0, (Found("client", 3, 10), Found("client", 11, 16)))]
    assert entities.labelled_found(rows, parsed) == (1, 2)
    assert entities.false_finds(rows, parsed) == (1, 2)


def test_a_figure_below_its_floor_is_named(tmp_path: Path) -> None:
    path = tmp_path / "floors.yml"
    path.write_text("at_least: {accuracy: 0.9}\nat_most: {ece: 0.05}\n")
    assert floors.broken(path, {"accuracy": 0.91, "ece": 0.05}) == []
    said = floors.broken(path, {"accuracy": 0.89, "ece": 0.06})
    assert said == [
        "accuracy is 0.890, below the limit of 0.9",
        "ece is 0.060, above the limit of 0.05",
    ]


def test_a_floor_for_nothing_measured_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "floors.yml"
    path.write_text("at_least: {acuracy: 0.9}\n")
    with pytest.raises(floors.FloorsError, match="acuracy is not measured"):
        floors.broken(path, {"accuracy": 1.0})


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(dataset.DatasetError, match="--data or QIQ_EVALUATION_DATA"):
        dataset.find(str(tmp_path / "none.jsonl"))


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "a", "text": "x", "intent": "greet"}\n{"id": "b"}\n')
    with pytest.raises(dataset.DatasetError, match="line 2"):
        dataset.load(path)


def test_our_own_held_out_messages_may_list_alternatives(tmp_path: Path) -> None:
    path = tmp_path / "held.yml"
    path.write_text(
        "- {intent: site_down, text: Seite weg}\n"
        "- {intent: greet, accept: [greet, thank], text: hallo}\n"
    )
    accepted = [found.accept for found in dataset.load_held_out(path)]
    assert accepted == [("site_down",), ("greet", "thank")]


def test_a_held_out_message_without_a_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "held.yml"
    path.write_text("- {intent: greet}\n")
    with pytest.raises(dataset.DatasetError, match="message 1: needs intent, text"):
        dataset.load_held_out(path)
