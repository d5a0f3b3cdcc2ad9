"""Run `rasa train` and put the model where its fingerprint says."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qiq.training.fingerprint import fingerprint

KEPT_MODELS = 3
LAST_LINES = 25
PROGRESS_SECONDS = 10.0
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONDONTWRITEBYTECODE": "",
}


class TrainingFailed(Exception):
    """`rasa train` ended with an error; the text ends with its last lines."""


def current_model(root: Path) -> Path:
    """Path of the model for the sources as they are now; it need not exist."""
    return root / "models" / f"qiq-{fingerprint(root)}.tar.gz"


def train(
    root: Path,
    python: Path,
    *,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """The up-to-date model, trained first if there is none. Raises TrainingFailed.

    Two callers at once train once: the second waits for the first.
    """
    model = current_model(root)
    if model.is_file() and not force:
        return model
    model.parent.mkdir(exist_ok=True)
    with _lock(model.parent / ".lock"):
        if force or not model.is_file():
            _train(root, python, model, progress)
            _forget_old(model)
    return model


def _train(root: Path, python: Path, model: Path, progress: Callable[[str], None]) -> None:
    for left_over in model.parent.glob(".training-*"):
        # Of a training that was killed: nobody else is at work while the lock is ours.
        shutil.rmtree(left_over, ignore_errors=True)
    log = model.parent / "training.log"
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training-") as folder:
        command = [str(python), "-m", "bot", "train", "--out", folder]
        command += ["--fixed-model-name", "model", "--domain", "domain.yml", "--data", "data"]
        status = _run(command, root, log, progress)
        made = Path(folder) / "model.tar.gz"
        if status != 0 or not made.is_file():
            last = "\n".join(log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:])
            raise TrainingFailed(f"training ended with status {status}; its last lines:\n{last}")
        # In one step, so that nobody ever loads half a model.
        made.replace(model)


def _run(command: list[str], root: Path, log: Path, progress: Callable[[str], None]) -> int:
    """Exit status of the command; its many lines go to the log, a sign of life to `progress`."""
    begin = time.monotonic()
    with log.open("wb") as file, _ended_by_sigterm():
        process = subprocess.Popen(  # noqa: S603 - our own module in our own environment
            command, cwd=root, env={**os.environ, **ENVIRONMENT}, stdout=file, stderr=file
        )
        try:
            while True:
                try:
                    return process.wait(PROGRESS_SECONDS)
                except subprocess.TimeoutExpired:
                    progress(f"training ({time.monotonic() - begin:.0f} s, log: {log})")
        finally:
            process.kill()


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Turn SIGTERM into an exit that runs `finally`: Rasa must not train on without its parent."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _forget_old(model: Path) -> None:
    models = sorted(model.parent.glob("qiq-*.tar.gz"), key=lambda one: one.stat().st_mtime)
    for old in models[:-KEPT_MODELS]:
        if old != model:
            old.unlink()


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
