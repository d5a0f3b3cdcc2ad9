"""DirectAdmin: the replies of its CMD_API commands, read into account facts."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from qiq.hosting import HostingError, Usage, adapter_for
from qiq.settings import Settings
from tests.checks.build import settings
from tests.hosting.panel import panel


def healthy(command: str, params: dict[str, str]) -> Any:
    answers: dict[str, Any] = {
        "CMD_API_DOMAIN_OWNERS": {"example.com": "anna", "müller.example": "anna"},
        "CMD_API_SHOW_USER_CONFIG": {
            "username": "anna", "ip": "192.0.2.10", "suspended": "yes",
            "suspended_reason": "bandwidth", "quota": "1000", "inode": "unlimited",
            "bandwidth": "unlimited", "email": "anna@elsewhere.example",
        },
        "CMD_API_SHOW_USER_USAGE": {"quota": "1000.5", "inode": "77", "bandwidth": "12.0"},
        "CMD_API_POP": {
            "emails": [
                {
                    "account": "info", "login": "info@example.com", "suspended": "no",
                    "usage": {"quota": "50", "usage": "50.2"},
                    "sent": {"sent": "200", "send_limit": "200"},
                }
            ]
        },
        "CMD_API_BRUTE_FORCE_MONITOR": {"list": [{"ip": "203.0.113.7", "reason": "exim2"}]},
        "CMD_API_SHOW_SERVICES": {"mysqld": "on", "exim": "off"},
    }  # fmt: skip
    return answers.get(command, {"error": "1", "text": "unknown command"})


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("QIQ_DA_KEY", "login-key")

    def build(url: str) -> Settings:
        chosen = {"adapter": "directadmin", "url": url, "user": "admin", "token_env": "QIQ_DA_KEY"}
        return settings(hosting=chosen)

    return build


async def test_an_account_is_read(made: Any) -> None:
    with panel(healthy, "Basic ") as (url, asked):
        facts = await adapter_for(made(url)).domain("xn--mller-kva.example")
    assert facts is not None
    assert (facts.server, facts.suspended) == ("server1", "bandwidth")
    assert facts.disk is not None
    assert facts.disk.full
    assert (facts.inodes, facts.bandwidth) == (Usage(77, 0), Usage(12, 0))
    assert all(params["json"] == "yes" for _, params, _ in asked)


async def test_a_mailbox_is_read_as_its_owner(made: Any) -> None:
    with panel(healthy, "Basic ") as (url, asked):
        box = await adapter_for(made(url)).mailbox("info@example.com")
    assert box is not None
    assert box.usage == Usage(50, 50)
    assert (box.sent_last_hour, box.sending_limit, box.suspended) == (200, 200, None)
    header = next(auth for command, _, auth in asked if command == "CMD_API_POP")
    assert base64.b64decode(header.removeprefix("Basic ")).startswith(b"admin|anna:")


async def test_a_mailbox_that_does_not_exist_is_none(made: Any) -> None:
    with panel(healthy, "Basic ") as (url, _):
        assert await adapter_for(made(url)).mailbox("nobody@example.com") is None


async def test_blocks_and_services_are_read(made: Any) -> None:
    with panel(healthy, "Basic ") as (url, _):
        hosting = adapter_for(made(url))
        assert await hosting.block("203.0.113.7") is not None
        assert await hosting.block("203.0.113.8") is None
        assert await hosting.service_up("server1", "mysql") is True
        assert await hosting.service_up("server1", "redis") is None


async def test_a_refusal_is_our_failure(made: Any) -> None:
    no = {"error": "1", "text": "no"}
    with panel(lambda *_: no, "Basic ") as (url, _), pytest.raises(HostingError):
        await adapter_for(made(url)).domains()
