"""One tiny model, one Rasa and one action server for all tests of the channel."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from qiq.supervisor.ports import free_port
from tests.bot.action_server import ActionServer
from tests.bot.rasa_process import PYTHON, QUIET, ROOT, RasaProcess

TINY = Path(__file__).parent / "tiny"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of tests/bot/tiny, kept below var/ until its sources change."""
    sources = [*sorted(TINY.rglob("*.yml")), ROOT / "requirements" / "rasa.lock"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    kept = ROOT / "var" / "tests" / f"tiny-{digest}.tar.gz"
    if not kept.is_file():
        folder = tmp_path_factory.mktemp("tiny")
        shutil.copytree(TINY, folder / "project")
        command = [str(PYTHON), "-m", "bot", "train", "--out", str(folder), "--fixed-model-name"]
        subprocess.run(
            [*command, "model"],
            cwd=folder / "project",
            env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)},
            check=True,
            timeout=240,
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / "model.tar.gz", kept)
    return kept


@pytest.fixture(scope="session")
def session_actions() -> Iterator[ActionServer]:
    server = ActionServer()
    yield server
    server.close()


@pytest.fixture
def actions(session_actions: ActionServer) -> Iterator[ActionServer]:
    session_actions.reset()
    yield session_actions
    session_actions.reset()


@pytest.fixture(scope="session")
def rasa(
    tiny_model: Path, session_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RasaProcess]:
    folder = tmp_path_factory.mktemp("rasa")
    process = RasaProcess(
        tiny_model,
        free_port(),
        folder,
        actions=session_actions.url,
        tracker=f"sqlite:///{folder / 'tracker.db'}",
        api=True,
    )
    process.wait_until_ready()
    yield process
    process.close()
