"""The stand-in for TensorFlow: imports pass, uses fail loudly."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bot.conftest import TINY
from tests.bot.rasa_process import PYTHON, QUIET, ROOT


def rasa_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PYTHON), "-c", f"from bot import no_tensorflow; no_tensorflow.install()\n{code}"],
        cwd=ROOT,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(autouse=True)
def without_tensorflow() -> None:
    found = list((ROOT / ".venv-rasa").glob("lib/python3*/site-packages/tensorflow"))
    if found:
        pytest.fail(
            "TensorFlow is installed; take it out for the tests: QIQ_TENSORFLOW=0 make setup"
        )


def test_components_of_tensorflow_can_be_imported_but_not_used() -> None:
    done = rasa_python(
        "from rasa.nlu.classifiers.diet_classifier import DIET\n"
        "from bot.no_tensorflow.missing import TensorFlowMissing\n"
        "try: DIET()\n"
        "except TensorFlowMissing as error: print(error)"
    )
    assert done.returncode == 0, done.stderr
    assert "needs TensorFlow (rasa.nlu.classifiers.diet_classifier.DIET)" in done.stdout
    assert "make tensorflow" in done.stdout


def test_other_libraries_are_told_that_there_is_none() -> None:
    done = rasa_python("import tensorflow")
    assert done.returncode != 0
    assert "TensorFlowMissing" in done.stderr


def test_a_configuration_with_diet_fails_naming_the_component_and_the_fix(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "project")
    config = tmp_path / "project" / "config.yml"
    text = config.read_text().replace(
        "  - name: KeywordIntentClassifier",
        "  - name: WhitespaceTokenizer\n  - name: CountVectorsFeaturizer\n"
        "  - name: DIETClassifier\n    epochs: 1",
    )
    config.write_text(text)
    done = subprocess.run(
        [str(PYTHON), "-m", "bot", "train", "--out", str(tmp_path / "models")],
        cwd=tmp_path / "project",
        env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "DIETClassifier." in said
    assert "needs TensorFlow" in said
    assert "make tensorflow" in said
    assert not list(tmp_path.glob("models/*.tar.gz"))
