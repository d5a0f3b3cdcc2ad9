"""A pretend Slack, the desk, and the Slack channel between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from qiq.desk import Desk
from qiq.gateway.hub import Hub
from qiq.gateway.slack import app as slack_app
from qiq.gateway.slack.desk_side import StaffDesk
from qiq.gateway.slack.looking import Wanted
from qiq.hosting.model import DomainFacts, Usage
from qiq.settings import load
from qiq.settings.channels import Slack
from tests.channels.fake_slack import SECRET, event, fake_slack, signed
from tests.channels.words import say

EXAMPLE = Path(__file__).parents[2] / "docs" / "hosting.example.yml"
EVIL = "<!channel> <https://evil.example|click> *bold* <script>"


def payload(cause: str = "mail.imap.refused", verdict: str = "host_fault") -> dict[str, Any]:
    return {
        "type": "diagnosis", "version": 1, "case": None, "verdict": verdict, "party": "host",
        "subject": {"domain": "example.com", "service": "mail"}, "cause": cause,
        "certainty": "proven",
        "checks": [
            {"id": "mail.imaps.connect", "target": "mail.example.com:993",
             "status": "fail", "summary": f"IMAP refuses {EVIL}", "ms": 12},
            {"id": "dns.mx", "target": "example.com", "status": "pass", "summary": "ok", "ms": 3},
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Subject:
    domain_text: str = "example.com"


@dataclass(frozen=True)
class Found:
    subject: Subject = field(default_factory=Subject)
    complaint: dict[str, str] = field(default_factory=dict)
    verdict: str = "host_fault"

    def payload(self) -> dict[str, Any]:
        return payload(verdict=self.verdict)

    def staff_text(self) -> str:
        return "imap on mail1 refuses connections"


@dataclass
class FakeLooking:
    """Checks that always pass, one account, and the intents a test wants understood."""

    asked: list[Wanted] = field(default_factory=list)
    intents: dict[str, str] = field(default_factory=dict)

    async def inspect(self, wanted: Wanted) -> Found:
        self.asked.append(wanted)
        return Found(verdict="all_clear")

    async def facts(self, domain: str) -> DomainFacts | None:
        return DomainFacts(domain, "server1", disk=Usage(90, 100), suspended="unpaid")

    async def domain_on(self, server: str) -> str:
        return f"on-{server}.example"

    async def understand(self, text: str) -> str | None:
        return self.intents.get(text)


@dataclass
class World:
    slack: Any
    desk: Desk
    channel: slack_app.SlackChannel
    client: httpx.AsyncClient
    looking: FakeLooking
    kept: list[bytes]
    state: Path
    staff: StaffDesk

    async def send(
        self, made: tuple[str, str], *, retry: bool = False, **sign: Any
    ) -> httpx.Response:
        body, kind = made
        headers = signed(body, **sign) | {"Content-Type": kind}
        if retry:
            headers |= {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
        return await self.client.post(slack_app.PATH, content=body, headers=headers)

    async def settled(self) -> None:
        """A question asked after everything else is answered, so that is done as well."""
        before = len(self.slack.messages)
        await self.send(event("<@U_BOT> settings", id=f"Ev{before}settled"))
        await until(lambda: "993" in str(self.slack.messages[before:]), "the last is answered")

    def talk(self, text: str = "Outlook fails") -> str:
        talk = self.desk.open_conversation("widget", "w1")
        self.desk.append(talk.id, "visitor", "message", {"text": text}, key="v1")
        case = self.desk.open_case(talk.id, "email_cannot_connect", "example.com", text)
        self.desk.record_diagnosis(case, payload(), Found().staff_text())
        self.desk.alert(case, Found())
        return talk.id

    def bodies(self, conversation: str, author: str = "staff") -> list[str]:
        found = self.desk.history(conversation)
        return [m.body["text"] for m in found if m.author == author and m.kind == "message"]


async def until(true: Any, what: str = "it happens") -> None:
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited too long until {what}")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    kept: list[bytes] = []

    def keep(conversation: str, data: bytes) -> dict[str, Any] | None:
        kept.append(data)
        return {"type": "file", "name": "f_1.png"} if data.startswith(b"\x89PNG") else None

    async with fake_slack() as slack:
        desk = Desk(f"sqlite:///{tmp_path}/desk.db")
        looking = FakeLooking()
        staff = StaffDesk(desk, Hub(desk), say, load(EXAMPLE), tmp_path, looking, keep)
        settings = Slack(
            topics={
                "default": "C_ALL",
                "mail": "C_MAIL",
                "person": "C_PERSON",
                "incident": "C_INCIDENTS",
            },
            staff_group="S_STAFF",
            api_url=slack.url,
        )
        channel = slack_app.build(
            settings, staff, bot_token="xoxb-test", signing_secret=SECRET, pause=0.05
        )
        transport = httpx.ASGITransport(Starlette(routes=channel.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            yield World(slack, desk, channel, client, looking, kept, tmp_path, staff)
        desk.dispose()
