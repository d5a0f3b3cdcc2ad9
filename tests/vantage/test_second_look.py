"""The second place: what it is told, what it answers, and what its silence means."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.testclient import TestClient

from qiq.checks.model import Status, Target
from qiq.settings import Settings
from qiq.vantage import wire
from qiq.vantage.agent import app
from qiq.vantage.client import second_look
from qiq.verdict import Complaint, judge
from tests.checks.build import Panel, settings
from tests.verdict.build import passed

TOKEN = "a-token-long-enough-for-an-agent"
TARGET = Target(
    "example.com", "example.com", email="anna@example.com", visitor_ip="203.0.113.7", verified=True
)
AWAY = settings(addresses=("127.0.30.9",), services=["imap"], ports={"imap": 9}, seconds=2)


@contextlib.asynccontextmanager
async def agent(made: Settings = AWAY) -> AsyncIterator[str]:
    """A real agent on a port of its own."""
    sock = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app(made, TOKEN), log_level="warning"))
    task = asyncio.create_task(server.serve([sock]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def home(url: str) -> Settings:
    return settings(network={"vantage": {"url": url, "token_env": "QIQ_VANTAGE_TOKEN"}}, seconds=3)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIQ_VANTAGE_TOKEN", TOKEN)


async def test_the_agent_looks_and_its_results_say_where_they_come_from() -> None:
    async with agent() as url:
        seen = await second_look(("mail",), TARGET, home(url), Panel())
    found = {result.id: result for result in seen}
    assert found["vantage.mail.imap.connect"].status is Status.FAIL
    assert found["vantage.mail.imap.connect"].own
    assert not any("account" in id or "canary" in id for id in found)


async def test_a_fault_seen_only_from_there_keeps_the_customer_from_being_sent_away() -> None:
    async with agent() as url:
        seen = await second_look(("mail",), TARGET, home(url), Panel())
    verdict = judge(Complaint("email_cannot_connect", client="outlook"), [*passed(), *seen])
    assert verdict.code == "host_fault"


@pytest.mark.parametrize("trouble", ["gone", "wrong token", "nonsense"])
async def test_a_second_place_that_is_silent_leaves_the_question_open(
    trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with agent() as url:
        if trouble == "wrong token":
            monkeypatch.setenv("QIQ_VANTAGE_TOKEN", "another-token")
        if trouble == "nonsense":
            url += "/elsewhere"
        if trouble != "gone":
            seen = await second_look(("mail",), TARGET, home(url), Panel())
    if trouble == "gone":
        seen = await second_look(("mail",), TARGET, home(url), Panel())
    assert [(r.id, r.status) for r in seen] == [("vantage.agent", Status.ERROR)]
    verdict = judge(Complaint("email_cannot_connect", client="outlook"), [*passed(), *seen])
    assert verdict.code == "inconclusive"


async def test_without_a_second_place_nobody_is_asked() -> None:
    assert await second_look(("mail",), TARGET, settings(), Panel()) == []


def test_neither_mailbox_nor_visitor_address_leaves_the_house() -> None:
    told = json.dumps(wire.question(("mail",), TARGET, None))
    assert "anna" not in told
    assert "203.0.113.7" not in told


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"batteries": ["mail"]}, 400, "target.domain"),
        ({"batteries": ["everything"], "target": {"domain": "example.com"}}, 400, "batteries"),
        ({"batteries": [], "target": {"domain": "example.com"}}, 400, "batteries"),
        ({"batteries": ["mail"], "target": {"domain": "a" * 3000}}, 400, "2048"),
        ([], 400, "object"),
        ("x" * 20_000, 400, "larger"),
    ],
)
def test_bad_questions_are_refused_with_the_reason(body: object, status: int, named: str) -> None:
    client = TestClient(app(AWAY, TOKEN))
    said = client.post("/check", json=body, headers={"Authorization": f"Bearer {TOKEN}"})
    assert (said.status_code, named in said.text) == (status, True)


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}x"])
def test_strangers_are_refused(header: str) -> None:
    client = TestClient(app(AWAY, TOKEN))
    question = {"batteries": ["mail"], "target": {"domain": "example.com"}}
    assert (
        client.post("/check", json=question, headers={"Authorization": header}).status_code == 401
    )
