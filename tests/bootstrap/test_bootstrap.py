"""scripts/bootstrap and scripts/find-python with a uv that writes down what it is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# `venv` makes a Python of the version asked for; everything else is only written down.
UV = """#!/bin/sh
echo "$*" >> "$UV_CALLS"
case "$1" in
--version) echo uv 9.9.9 ;;
venv)
  for last in "$@"; do :; done
  mkdir -p "$last/bin"
  while [ "$1" != --python ]; do shift; done
  cp "$2" "$last/bin/python"
  echo "VIRTUAL_ENV='$PWD/$last'" > "$last/bin/activate" ;;
python) [ "$2" = install ] && exit 1; exit 2 ;;
esac
exit 0
"""
PYTHON = "#!/bin/sh\necho {version}\n"


class Clone:
    """A clone whose uv and Pythons are stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "a clone", folder / "home"
        shutil.copytree(
            ROOT / "scripts", self.folder / "scripts", ignore=shutil.ignore_patterns("encoder")
        )
        shutil.copytree(ROOT / "requirements", self.folder / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.folder)
        self.calls = folder / "calls"
        self.write(folder / "home/.local/bin/uv", UV)

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def python(self, version: str) -> None:
        self.write(
            self.home / f".pyenv/versions/{version}.1/bin/python", PYTHON.format(version=version)
        )

    def bootstrap(self, **more: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        return subprocess.run(
            ["/bin/sh", str(self.folder / "scripts/bootstrap")],
            env={
                "HOME": str(self.home),
                "PATH": "/usr/bin:/bin",
                "UV_CALLS": str(self.calls),
                **more,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def synced(self) -> list[str]:
        lines = self.calls.read_text().splitlines()
        return [line.split()[-1] for line in lines if line.startswith("pip sync")]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    # Whatever else this machine has must not be found.
    if any(Path(folder, "python3.10").exists() for folder in ("/usr/bin", "/usr/local/bin")):
        pytest.skip("the system's own Python 3.10 would be found first")
    return made


def test_both_environments_come_from_their_locks(clone: Clone) -> None:
    clone.python("3.10")
    clone.python("3.12")
    done = clone.bootstrap()
    assert done.returncode == 0, done.stderr
    assert clone.synced() == ["requirements/dev.lock", "requirements/rasa.lock"]
    assert all(
        "--require-hashes" in line
        for line in clone.calls.read_text().splitlines()
        if line.startswith("pip sync")
    )


def test_nothing_is_done_twice(clone: Clone) -> None:
    clone.python("3.10")
    clone.python("3.12")
    clone.bootstrap()
    clone.bootstrap()
    assert clone.calls.read_text() == ""


def test_only_the_environment_whose_lock_changed_is_made_anew(clone: Clone) -> None:
    clone.python("3.10")
    clone.python("3.12")
    clone.bootstrap()
    with (clone.folder / "requirements/rasa.lock").open("a") as lock:
        lock.write("# changed\n")
    clone.bootstrap()
    assert clone.synced() == ["requirements/rasa.lock"]


def test_tensorflow_is_put_back_stays_and_goes(clone: Clone) -> None:
    clone.python("3.10")
    clone.python("3.12")
    clone.bootstrap()
    clone.bootstrap(QIQ_TENSORFLOW="1")
    assert clone.synced() == ["requirements/rasa-tensorflow.lock"]
    clone.bootstrap()
    assert clone.synced() == []
    clone.bootstrap(QIQ_TENSORFLOW="0")
    assert clone.synced() == ["requirements/rasa.lock"]


def test_a_python_that_is_nowhere_is_named_with_the_fix(clone: Clone) -> None:
    clone.python("3.12")
    done = clone.bootstrap()
    assert done.returncode != 0
    assert "Python 3.10 was not found and could not be fetched" in done.stderr
    assert "uv python install 3.10" in done.stderr


def test_a_neighbour_of_the_wanted_python_will_do_for_the_product(clone: Clone) -> None:
    clone.python("3.10")
    clone.python("3.13")
    if any(Path(folder, "python3.12").exists() for folder in ("/usr/bin", "/usr/local/bin")):
        pytest.skip("the system's own Python 3.12 would be found first")
    done = clone.bootstrap()
    assert done.returncode == 0, done.stderr
    assert "versions/3.13.1/bin/python" in done.stderr


@pytest.mark.parametrize("name", ["bootstrap", "find-uv", "find-python", "rasa", "lock"])
def test_the_scripts_are_plain_sh(name: str) -> None:
    shell = "dash" if shutil.which("dash") else "sh"
    subprocess.run([shell, "-n", str(ROOT / "scripts" / name)], check=True)
    assert os.access(ROOT / "scripts" / name, os.X_OK)


def test_locks_have_hashes_and_no_address_of_a_registry() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in "".join(
            line for line in text.splitlines() if not line.lstrip().startswith("#")
        )
    assert "\ntensorflow" not in (ROOT / "requirements/rasa.lock").read_text()
