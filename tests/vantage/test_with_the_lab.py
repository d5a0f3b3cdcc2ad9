"""The whole way: `qiq agent` in a process of its own, over HTTPS, beside checks of the same lab."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import yaml

from lab.lab import Lab
from qiq.checks.model import Status
from qiq.diagnosis import Diagnosis, Subject, diagnose
from qiq.settings import Settings, load
from qiq.verdict import Complaint

TOKEN = "a-token-for-the-agent-of-the-lab"
HERE = "127.0.0.1"
CONNECT = Complaint("email_cannot_connect", client="outlook-classic-windows")
START_SECONDS = 60.0


@pytest.fixture
async def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
    async with Lab.start(tmp_path / "lab") as made:
        monkeypatch.setenv("QIQ_VANTAGE_TOKEN", TOKEN)
        yield made


@contextlib.contextmanager
def agent(lab: Lab, folder: Path, **ports: int) -> Iterator[str]:
    """The agent's address. ``ports`` are where it finds services that are elsewhere for us."""
    told = yaml.safe_load(Path(lab.hosting_path).read_text("utf-8"))
    told["network"]["ports"] |= ports
    hosting = folder / "agent.yml"
    hosting.write_text(yaml.safe_dump(told), "utf-8")
    leaf = lab.authority.intermediate.issue_cert(HERE)
    (folder / "chain.pem").write_bytes(b"".join(p.bytes() for p in leaf.cert_chain_pems))
    (folder / "key.pem").write_bytes(leaf.private_key_pem.bytes())
    port = free_port()
    program = ["-c", "from qiq.cli import main; main()", "agent", "--port", str(port)]
    files = ["--cert", str(folder / "chain.pem"), "--key", str(folder / "key.pem")]
    process = subprocess.Popen(
        [sys.executable, *program, *files],
        env={**os.environ, "QIQ_HOSTING": str(hosting), "QIQ_AGENT_TOKEN": TOKEN},
    )
    try:
        until_open(port, process)
        yield f"https://{HERE}:{port}"
    finally:
        process.terminate()
        process.wait()


def until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HERE, port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the agent did not start")


def free_port() -> int:
    with socket.create_server((HERE, 0)) as free:
        port: int = free.getsockname()[1]
        return port


def home(lab: Lab, url: str) -> Settings:
    told = yaml.safe_load(Path(lab.hosting_path).read_text("utf-8"))
    told["network"]["vantage"] = {"url": url, "token_env": "QIQ_VANTAGE_TOKEN"}
    hosting = Path(lab.hosting_path).with_name("home.yml")
    hosting.write_text(yaml.safe_dump(told), "utf-8")
    return load(hosting)


async def look(lab: Lab, url: str) -> Diagnosis:
    return await diagnose(CONNECT, Subject("example.com"), home(lab, url))


async def test_a_fault_that_only_the_second_place_sees_is_ours(lab: Lab, tmp_path: Path) -> None:
    nobody = free_port()
    with agent(lab, tmp_path, imaps=nobody, imap=nobody) as url:
        found = await look(lab, url)
    here = {r.id: r.status for r in found.results}
    assert here["mail.imaps.connect"] is Status.PASS
    assert here["vantage.mail.imaps.connect"] is Status.FAIL
    assert (str(found.verdict.code), found.verdict.cause) == ("host_fault", "mail.imap.refused")
    assert "vantage.mail.imaps.connect" in found.staff_text()


async def test_two_places_that_agree_let_the_mail_program_be_named(
    lab: Lab, tmp_path: Path
) -> None:
    with agent(lab, tmp_path) as url:
        found = await look(lab, url)
    assert any(r.id.startswith("vantage.mail.") for r in found.results)
    assert str(found.verdict.code) == "third_party"


async def test_nobody_is_sent_away_while_the_second_place_is_silent(lab: Lab) -> None:
    found = await look(lab, f"https://{HERE}:{free_port()}")
    assert str(found.verdict.code) == "inconclusive"
    assert found.verdict.cause == "unclear.our_checks_failed"
