"""Rasa's working memory: bounded, kept over a restart, honest when the store is gone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from qiq.supervisor.ports import free_port
from tests.bot.action_server import ActionServer
from tests.bot.rasa_process import RasaProcess, texts

CHOICE = {"intent": "affirm", "entities": {"domain": "café.example"}}
MESSAGE = {"conversation": "c", "message": "m", "text": "hello"}


def serve(model: Path, folder: Path, tracker: str) -> RasaProcess:
    process = RasaProcess(model, free_port(), folder, actions="http://127.0.0.1:9", tracker=tracker)
    process.wait_until_ready()
    return process


@pytest.fixture
def store(tiny_model: Path, tmp_path: Path) -> Iterator[tuple[RasaProcess, Path]]:
    folder = tmp_path / "store"
    folder.mkdir()
    process = serve(tiny_model, tmp_path, f"sqlite:///{folder / 'tracker.db'}")
    yield process, folder
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
    assert max(sizes[15:]) <= max(sizes[:12])
    assert texts(rasa.say("c-long", "servus")) == ["Grüß Gott"]


def test_a_talk_survives_a_restart(tiny_model: Path, tmp_path: Path) -> None:
    tracker = f"sqlite:///{tmp_path / 'tracker.db'}"
    first = serve(tiny_model, tmp_path, tracker)
    first.say("c", "hello", press=CHOICE)
    first.close()
    second = serve(tiny_model, tmp_path, tracker)
    try:
        assert texts(second.press("c", {"intent": "recall", "entities": {}})) == [
            "domain is café.example"
        ]
    finally:
        second.close()


def test_a_store_that_is_gone_is_503_and_nothing_is_kept_in_memory(
    store: tuple[RasaProcess, Path],
) -> None:
    rasa, folder = store
    rasa.say("c", "hello", press=CHOICE)
    # When the database becomes one that cannot be read
    database = folder / "tracker.db"
    kept = folder.parent / "kept.db"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, kept)
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE rasa_tracker")
    refused = rasa.post(MESSAGE)
    assert refused.status_code == 503
    assert refused.json()["error"] == "store"
    # When it is back, so is what was known
    with sqlite3.connect(database) as connection:
        connection.execute("ATTACH ? AS kept", (str(kept),))
        connection.execute("CREATE TABLE rasa_tracker AS SELECT * FROM kept.rasa_tracker")
        connection.execute("CREATE UNIQUE INDEX one ON rasa_tracker (conversation)")
    assert texts(rasa.press("c", {"intent": "recall", "entities": {}})) == [
        "domain is café.example"
    ]


def test_a_locked_store_is_503_in_time(store: tuple[RasaProcess, Path]) -> None:
    rasa, folder = store
    rasa.say("c", "hello")
    holder = sqlite3.connect(folder / "tracker.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    answer = rasa.post(MESSAGE)
    holder.execute("ROLLBACK")
    holder.close()
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
