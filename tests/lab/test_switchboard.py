"""Breaking and healing: over HTTP, from the command line, quickly, and leaving nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from lab.background import BackgroundLab
from lab.faults import FaultError, apply_fault
from lab.healthy import healthy_world
from lab.scenarios import ScenarioError, find
from qiq.cli.lab import app
from qiq.hosting.file import FileHosting
from qiq.settings import load
from tests.lab.clients import Imap, Pop


def call(
    lab: BackgroundLab, method: str, path: str, body: object = None, token: str | None = None
) -> dict[str, Any]:
    request = urllib.request.Request(
        lab.lab.control_url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token or lab.lab.token}"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        value: dict[str, Any] = json.load(answer)
        return value


def test_break_and_heal_over_http(lab: BackgroundLab) -> None:
    assert call(lab, "GET", "/state") == {"healthy": True, "broken": []}
    state = call(lab, "POST", "/break", {"name": "imap-down"})
    assert state == {"healthy": False, "broken": ["mail/imap-refused"]}
    call(lab, "POST", "/break", {"name": "cert-expired"})
    assert len(call(lab, "GET", "/state")["broken"]) == 2
    call(lab, "POST", "/heal", {"name": "imap-down"})
    assert call(lab, "GET", "/state")["broken"] == ["tls/expired-certificate"]
    assert call(lab, "POST", "/heal", {})["healthy"]


def test_the_demo_panel_gets_plain_words(lab: BackgroundLab) -> None:
    lab.break_("imap-down")
    scenarios = call(lab, "GET", "/scenarios")["scenarios"]
    demo = [one for one in scenarios if one["demo"]]
    assert 10 <= len(demo) <= 16
    assert all(one["title"] and one["description"].endswith(".") for one in demo)
    assert [one["name"] for one in scenarios if one["active"]] == ["mail/imap-refused"]


@pytest.mark.parametrize(
    ("method", "path", "body", "token", "status"),
    [
        ("GET", "/state", None, "wrong", 401),
        ("POST", "/break", {"name": "no-such-fault"}, None, 400),
        ("POST", "/break", {}, None, 400),
        ("POST", "/break", [1], None, 400),
        ("GET", "/nothing", None, None, 404),
    ],
)
def test_bad_calls_are_refused(
    lab: BackgroundLab, method: str, path: str, body: object, token: str | None, status: int
) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(lab, method, path, body, token)
    assert caught.value.code == status
    assert "error" in json.load(caught.value)


def test_the_files_are_what_the_product_reads(lab: BackgroundLab) -> None:
    settings = load(lab.hosting_path)
    assert settings.network.port("imaps") == lab.ports["imaps"]
    assert settings.secret("QIQ_CANARY_PASSWORD") == lab.lab.canary_password
    lab.break_("mailbox-full")
    accounts = yaml.safe_load(lab.hosting_path.with_name("accounts.yml").read_text())
    box = next(
        box
        for account in accounts["accounts"]
        for box in account["mailboxes"]
        if box["address"] == "info@example.com"
    )
    assert box["used_mb"] == box["quota_mb"] == 2000


async def test_accounts_fit_the_file_adapter(lab: BackgroundLab) -> None:
    adapter = FileHosting(lab.hosting_path.with_name("accounts.yml"))
    assert "xn--mller-kva.example" in await adapter.domains()
    lab.break_("visitor-address-blocked")
    block = await adapter.block("203.0.113.7")
    assert block is not None
    assert "IMAP" in block.reason


def test_an_unknown_name_is_named_with_a_way_out(lab: BackgroundLab) -> None:
    with pytest.raises(ScenarioError, match="qiq lab list"):
        lab.break_("imap-dwon")


def test_a_short_name_of_two_scenarios_is_not_guessed() -> None:
    one = find("imap-down")
    known = {name: replace(one, name=name, aliases=()) for name in ("ftp/slow", "web/slow")}
    with pytest.raises(ScenarioError, match="could be any of ftp/slow, web/slow"):
        find("slow", known)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"service": "imapz"}, "service is 'imapz'; it must be one of"),
        ({"service": "imap", "mode": "sulking"}, "mode is 'sulking'"),
        ({"certificate": "mail", "kind": "blue"}, "kind is 'blue'"),
        ({"site": "example.com", "behaviour": "odd"}, "behaviour is 'odd'"),
        ({"weather": "bad"}, "names no kind of fault"),
        ({"record": "example.com"}, "record fault"),
    ],
)
def test_a_fault_that_makes_no_sense_says_why(fault: dict[str, str], words: str) -> None:
    with pytest.raises(FaultError, match=words):
        apply_fault(healthy_world(), fault)


def test_the_command_line_breaks_and_heals(
    lab: BackgroundLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIQ_LAB_URL", lab.lab.control_url)
    monkeypatch.setenv("QIQ_LAB_TOKEN", lab.lab.token)
    runner = CliRunner()
    assert runner.invoke(app, ["break", "imap-down"]).stdout == "broken: mail/imap-refused\n"
    with pytest.raises(ConnectionRefusedError):
        Imap(lab.ports["imap"])
    assert "* mail/imap-refused" in runner.invoke(app, ["list"]).stdout
    assert runner.invoke(app, ["heal"]).stdout == "healthy\n"
    wrong = runner.invoke(app, ["break", "nonsense"])
    assert wrong.exit_code == 2
    assert "qiq lab list" in wrong.stderr


def test_without_a_lab_the_command_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QIQ_LAB_URL", raising=False)
    monkeypatch.setenv("QIQ_STATE", str(tmp_path))
    result = CliRunner().invoke(app, ["state"])
    assert result.exit_code == 2
    assert "is `qiq run` running here?" in result.stderr


def start_alone(state: Path, *extra: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "lab", "--state", str(state), *extra]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert json.loads(process.stdout.readline())["ready"] is True
    return process


def test_alone_it_answers_and_ends_cleanly(tmp_path: Path) -> None:
    process = start_alone(tmp_path)
    ports = load(tmp_path / "hosting.yml").network
    assert Pop(ports.port("pop3")).getwelcome().startswith(b"+OK")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_it_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    script = (
        "import os, subprocess, sys; "
        "p = subprocess.Popen([sys.executable, '-m', 'lab', '--state', sys.argv[1], "
        "'--parent-pid', str(os.getpid())], stdout=subprocess.PIPE); "
        "p.stdout.readline(); print(p.pid, flush=True); os._exit(0)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    pid = int(subprocess.check_output(command, timeout=20, text=True))
    for _ in range(200):
        if not alive(pid):
            return
        signal.sigtimedwait([], 0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the lab outlived its parent")


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be buried by pid 1 does not count."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
