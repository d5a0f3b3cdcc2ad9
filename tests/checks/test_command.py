"""``qiq check`` as a script would call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A lab in a process of its own: where it is, and how to break it."""
    folder = tmp_path_factory.mktemp("lab")
    command = [sys.executable, "-m", "lab", "--state", str(folder)]
    command += ["--parent-pid", str(os.getpid())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield {"folder": folder, **json.loads((folder / "lab.json").read_text("utf-8"))}
        process.terminate()


def switch(lab: dict[str, Any], what: str, **body: str) -> None:
    request = urllib.request.Request(
        f"{lab['url']}/{what}", json.dumps(body).encode(),
        {"Authorization": f"Bearer {lab['token']}"},
    )  # fmt: skip
    urllib.request.urlopen(request).close()


def qiq_check(lab: dict[str, Any], *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **lab["environment"]}
    environment["QIQ_HOSTING"] = str(Path(lab["folder"]) / "hosting.yml")
    program = "from qiq.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "check", *args], env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def test_a_healthy_domain_ends_with_0_and_a_payload(lab: dict[str, Any]) -> None:
    done = qiq_check(lab, "example.com", "--json")
    payload = json.loads(done.stdout)
    assert (done.returncode, payload["verdict"]) == (0, "all_clear")
    assert {"type", "version", "case", "subject", "verdict", "party", "cause", "certainty",
            "checks", "next_steps", "referrals", "settings", "ticket"} == set(payload)  # fmt: skip


def test_something_wrong_ends_with_1_and_says_what(lab: dict[str, Any]) -> None:
    switch(lab, "break", name="mail/imap-refused")
    try:
        done = qiq_check(lab, "example.com", "--service", "mail")
    finally:
        switch(lab, "heal")
    assert done.returncode == 1
    assert "host_fault" in done.stdout
    assert "This one is ours" in done.stdout


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["127.0.0.1"], "not_hosted"),
        (["otherhost.example"], "not_hosted"),
        (["exmaple.com"], "Did you mean example.com?"),
        (["example.com", "--service", "everything"], "--service"),
        ([], "DOMAIN"),
    ],
)
def test_bad_input_ends_with_2_and_the_reason(
    lab: dict[str, Any], args: list[str], named: str
) -> None:
    done = qiq_check(lab, *args)
    assert done.returncode == 2
    assert named.lower() in (done.stdout + done.stderr).lower()


def test_a_bad_settings_file_is_named(lab: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "hosting.yml").write_text("version: 1\nserverss: []\n", encoding="utf-8")
    done = qiq_check({**lab, "folder": tmp_path}, "example.com")
    assert done.returncode == 2
    assert "serverss" in done.stderr
