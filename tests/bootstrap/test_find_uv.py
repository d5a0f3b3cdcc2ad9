"""scripts/find-uv takes a uv that works, wherever it is, and no shim that does not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKS = "#!/bin/sh\necho uv 9.9.9\n"
FAILS = "#!/bin/sh\necho 'uv: command not found in this version' >&2\nexit 127\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a space in its name, and only the scripts in it."""
    folder = tmp_path / "my clone"
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("encoder"))
    return folder


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def find_uv(clone: Path, home: Path, path: str = "", **more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["/bin/sh", str(clone / "scripts" / "find-uv")],
        env={"HOME": str(home), "PATH": f"{path}:/usr/bin:/bin", **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_shim_that_fails_is_passed_over_for_the_next_on_the_path(clone: Path) -> None:
    shims, real = clone.parent / "shims", clone.parent / "real folder"
    program(shims / "uv", FAILS)
    good = program(real / "uv", WORKS)
    assert find_uv(clone, clone.parent, f"{shims}:{real}").stdout.strip() == str(good)


def test_the_home_folder_s_uv_is_found_without_a_path(clone: Path) -> None:
    good = program(clone.parent / ".local/bin/uv", WORKS)
    assert find_uv(clone, clone.parent).stdout.strip() == str(good)


def test_a_uv_of_pyenv_s_versions_is_found_behind_its_shim(clone: Path) -> None:
    program(clone.parent / ".pyenv/shims/uv", FAILS)
    good = program(clone.parent / ".pyenv/versions/3.12.1/bin/uv", WORKS)
    found = find_uv(clone, clone.parent, str(clone.parent / ".pyenv/shims"))
    assert found.stdout.strip() == str(good)


def test_the_one_that_was_named_comes_first(clone: Path) -> None:
    program(clone.parent / ".local/bin/uv", WORKS)
    named = program(clone.parent / "named/uv", WORKS)
    assert find_uv(clone, clone.parent, UV=str(named)).stdout.strip() == str(named)


def test_without_any_uv_it_is_installed_into_the_clone(clone: Path) -> None:
    # A Python whose venv and pip put a uv where the real ones would.
    fake = program(
        clone.parent / "bin/python3",
        """#!/bin/sh
if [ "$1" = -c ]; then exit 0; fi
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit 0; fi
if [ "$2" = pip ]; then
  printf '#!/bin/sh\\necho uv 9\\n' > "$(dirname "$0")/uv"; chmod +x "$(dirname "$0")/uv"; exit 0
fi
exit 1
""",
    )
    found = find_uv(clone, clone.parent, str(fake.parent))
    assert found.stdout.strip() == str(clone / ".cache/uv/bin/uv")


def test_without_uv_and_python_the_fix_is_named(clone: Path) -> None:
    tools = clone.parent / "tools"
    tools.mkdir()
    for name in ("dirname", "rm", "cat", "sh"):
        (tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", str(clone / "scripts/find-uv")],
        env={"HOME": str(clone.parent), "PATH": str(tools)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "docs.astral.sh/uv" in done.stderr
    assert "python3-venv" in done.stderr


def test_no_script_knows_this_machine() -> None:
    for path in (ROOT / "scripts").glob("*"):
        if path.is_file():
            assert str(ROOT) not in path.read_text(), path
    assert os.access(ROOT / "scripts" / "bootstrap", os.X_OK)
