"""Rasa's working memory: bounded, kept over a restart, honest when the store is gone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from qiq.supervisor.ports import free_port
from tests.bot.action_server import ActionServer
from tests.bot.rasa_process import RasaProcess, texts

CHOICE = {"intent": "affirm", "entities": {"domain": "café.example"}}
RECALL = {"intent": "recall", "entities": {}}
MESSAGE = {"conversation": "c", "message": "m", "text": "hello"}


def serve(model: Path, folder: Path, tracker: str) -> RasaProcess:
    process = RasaProcess(model, free_port(), folder, actions="http://127.0.0.1:9", tracker=tracker)
    process.wait_until_ready()
    return process


def change(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.fixture(scope="module")
def store(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RasaProcess, Path]]:
    """A Rasa and the file that its tracker is in."""
    folder = tmp_path_factory.mktemp("store")
    database = folder / "tracker.db"
    process = serve(tiny_model, folder, f"sqlite:///{database}")
    yield process, database
    process.close()


def test_a_long_talk_keeps_its_slots_and_stops_growing(
    rasa: RasaProcess, actions: ActionServer
) -> None:
    rasa.say("c-long", "hello", press=CHOICE)
    sizes = []
    for _ in range(30):
        rasa.say("c-long", "check")
        sizes.append(len(json.dumps(actions.bodies[-1])))
    tracker = actions.bodies[-1]["tracker"]
    # The slot was set long before the oldest event that is left.
    assert tracker["slots"]["domain"] == "café.example"
    # But for the digits of growing numbers, nothing is added any more.
    assert max(sizes[15:]) < 1.01 * max(sizes[:12])
    assert texts(rasa.say("c-long", "servus")) == ["Grüß Gott"]


def test_another_server_goes_on_where_the_first_stopped(
    store: tuple[RasaProcess, Path], tiny_model: Path, tmp_path: Path
) -> None:
    first, database = store
    first.say("c-restart", "hello", press=CHOICE)
    second = serve(tiny_model, tmp_path, f"sqlite:///{database}")
    try:
        assert texts(second.press("c-restart", RECALL)) == ["domain is café.example"]
    finally:
        second.close()


def test_a_store_that_is_gone_is_503_and_nothing_is_kept_in_memory(
    store: tuple[RasaProcess, Path],
) -> None:
    rasa, database = store
    rasa.say("c", "hello", press=CHOICE)
    # When the table is gone from under Rasa
    change(database, "ALTER TABLE rasa_tracker RENAME TO away")
    refused = rasa.post(MESSAGE)
    assert refused.status_code == 503
    assert refused.json()["error"] == "store"
    # When it is back, so is what was known
    change(database, "ALTER TABLE away RENAME TO rasa_tracker")
    assert texts(rasa.press("c", RECALL)) == ["domain is café.example"]


def test_a_locked_store_is_503_in_time(store: tuple[RasaProcess, Path]) -> None:
    rasa, database = store
    rasa.say("c", "hello")
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        answer = rasa.post(MESSAGE)
    # The answer was ready before it could not be kept: it is said, and so is the failure.
    last = json.loads(answer.text.splitlines()[-1])
    assert last == {"type": "end", "ok": False, "error": "store"}
    assert rasa.say("c", "hello")[-1]["ok"]


def test_rasa_starts_while_its_database_is_down(tiny_model: Path, tmp_path: Path) -> None:
    rasa = serve(tiny_model, tmp_path, "postgresql://nobody@127.0.0.1:9/none")
    try:
        health = httpx.get(f"{rasa.url}/webhooks/gateway/health")
        assert (health.status_code, health.json()["error"]) == (503, "store")
        assert rasa.post(MESSAGE).status_code == 503
    finally:
        rasa.close()
