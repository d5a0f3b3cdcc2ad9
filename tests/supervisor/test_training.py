"""Training happens when, and only when, what the model is made from has changed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from qiq.training import TrainingFailed, current_model, fingerprint, train
from tests.supervisor.test_supervisor import alive

ROOT = Path(__file__).parents[2]

# Stands where Rasa's Python stands: writes the model it is asked for, and counts.
TRAINER = f"""#!{sys.executable}
import pathlib, sys
arguments = sys.argv[1:]
assert arguments[:3] == ["-m", "bot", "train"], arguments
out = pathlib.Path(arguments[arguments.index("--out") + 1])
with open("count", "a") as count: count.write("x")
if pathlib.Path("hangs").exists():
    import os, time
    pathlib.Path("pid").write_text(str(os.getpid()))
    time.sleep(600)
if pathlib.Path("fails").exists(): sys.exit("no such intent")
(out / "model.tar.gz").write_text("a model")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data/nlu", "bot/nlu", "knowledge", "qiq/text", "qiq/knowledge", "requirements"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "data/nlu/mail.yml", "requirements/rasa.lock"):
        (tmp_path / name).write_text("größe: 1\n")
    python = tmp_path / "python"
    python.write_text(TRAINER)
    python.chmod(0o755)
    return tmp_path


def trained(project: Path) -> int:
    count = project / "count"
    return len(count.read_text()) if count.exists() else 0


def test_an_unchanged_project_is_trained_once(project: Path) -> None:
    first = train(project, project / "python")
    second = train(project, project / "python")
    assert first == second == current_model(project)
    assert trained(project) == 1


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/mail.yml", "data/nlu/new.yml"])
def test_a_changed_source_is_trained_anew(project: Path, name: str) -> None:
    train(project, project / "python")
    (project / name).write_text("größe: 2\n")
    assert not current_model(project).exists()
    train(project, project / "python")
    assert trained(project) == 2


def test_compiled_files_do_not_count(project: Path) -> None:
    before = fingerprint(project)
    (project / "bot/nlu/__pycache__").mkdir()
    (project / "bot/nlu/__pycache__/head.cpython-310.pyc").write_bytes(b"x")
    assert fingerprint(project) == before


def test_a_failed_training_leaves_no_model(project: Path) -> None:
    (project / "fails").touch()
    with pytest.raises(TrainingFailed, match="status 1"):
        train(project, project / "python")
    assert list((project / "models").glob("*.tar.gz")) == []
    (project / "fails").unlink()
    assert train(project, project / "python").read_text() == "a model"


def test_ending_the_caller_ends_the_training(project: Path) -> None:
    (project / "hangs").touch()
    code = (
        "import sys; from pathlib import Path; from qiq.training import train; "
        "root = Path(sys.argv[1]); train(root, root / 'python')"
    )
    caller = subprocess.Popen([sys.executable, "-c", code, str(project)], cwd=ROOT)
    pid = project / "pid"
    deadline = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    caller.terminate()
    assert caller.wait(30) == 143
    while alive(int(pid.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
