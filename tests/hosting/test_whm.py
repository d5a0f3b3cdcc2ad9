"""cPanel & WHM: the documented replies of WHM API 1 and UAPI, read into account facts."""

from __future__ import annotations

from typing import Any

import pytest

from qiq.hosting import HostingError, Usage, adapter_for
from qiq.settings import Settings
from tests.checks.build import settings
from tests.hosting.panel import panel

TOKEN = "whm-token-never-shown"


def data(command: str, **content: Any) -> dict[str, Any]:
    return {
        "metadata": {"command": command, "reason": "OK", "result": 1, "version": 1},
        "data": content,
    }


def refused(command: str) -> dict[str, Any]:
    return {"metadata": {"command": command, "reason": "Access denied", "result": 0, "version": 1}}


def uapi(*entries: dict[str, Any]) -> dict[str, Any]:
    return data("uapi_cpanel", uapi={"status": 1, "errors": None, "data": list(entries)})


ACCOUNT = {
    "user": "muellerk", "domain": "müller.example", "ip": "192.0.2.10", "suspended": 0,
    "suspendreason": "not suspended", "diskused": "900M", "disklimit": "1000M",
    "inodesused": 1200, "inodeslimit": "unlimited", "email": "anna@elsewhere.example",
}  # fmt: skip


def healthy(command: str, params: dict[str, str]) -> Any:
    function = params.get("cpanel.function", command)
    answers: dict[str, Any] = {
        "get_domain_info": data(
            command,
            domains=[
                {"domain": "müller.example", "user": "muellerk", "domain_type": "main"},
                {"domain": "example.com", "user": "muellerk", "domain_type": "addon"},
            ],
        ),
        "accountsummary": data(command, acct=[ACCOUNT]),
        "showbw": data(command, acct=[{"totalbytes": 5 * 2**20, "limit": 10 * 2**20}]),
        "list_mxs": uapi({"domain": "müller.example", "mxcheck": "local", "detected": "local"}),
        "get_site_errors": uapi({"date": 1, "entry": "PHP Fatal error: Übergabe in x.php:41"}),
        "list_pops_with_disk": uapi(
            {
                "email": "info@xn--mller-kva.example",
                "_diskused": str(100 * 2**20), "_diskquota": str(100 * 2**20),
                "suspended_login": 0, "suspended_incoming": 0,
            }
        ),
        "get_cphulk_failed_logins": data(
            command, failed_logins=[{"user": "info@xn--mller-kva.example", "ip": "203.0.113.7"}] * 4
        ),
        "get_cphulk_brutes": data(command, brutes=[{"ip": "203.0.113.7", "notes": "12 logins"}]),
        "get_cphulk_excessive_brutes": data(command, excessive_brutes=[]),
        "servicestatus": data(command, service=[{"name": "mysql", "installed": 1, "running": 0}]),
    }  # fmt: skip
    return answers.get(function, refused(command))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("QIQ_WHM_TOKEN", TOKEN)

    def build(url: str) -> Settings:
        chosen = {"adapter": "whm", "url": url, "user": "root", "token_env": "QIQ_WHM_TOKEN"}
        return settings(hosting=chosen)

    return build


async def test_an_account_is_read(made: Any) -> None:
    with panel(healthy, f"whm root:{TOKEN}") as (url, _):
        facts = await adapter_for(made(url)).domain("xn--mller-kva.example")
    assert facts is not None
    assert (facts.server, facts.mail_routing, facts.suspended) == ("server1", "local", None)
    assert (facts.disk, facts.inodes) == (Usage(900, 1000), Usage(1200, 0))
    assert facts.bandwidth == Usage(5, 10)
    assert facts.contact_email == "anna@elsewhere.example"
    assert "Übergabe" in (facts.last_php_error or "")


async def test_a_full_mailbox_with_wrong_passwords_is_read(made: Any) -> None:
    with panel(healthy, "whm ") as (url, _):
        box = await adapter_for(made(url)).mailbox("info@xn--mller-kva.example")
    assert box is not None
    assert box.usage is not None
    assert box.usage.full
    assert (box.failed_logins, box.failed_from) == (4, "203.0.113.7")


async def test_a_mailbox_that_does_not_exist_is_none(made: Any) -> None:
    with panel(healthy, "whm ") as (url, _):
        hosting = adapter_for(made(url))
        assert await hosting.mailbox("nobody@xn--mller-kva.example") is None
        assert await hosting.mailbox("info@otherhost.example") is None
        assert await hosting.domain("otherhost.example") is None


async def test_a_suspended_account_says_why(made: Any) -> None:
    def suspended(command: str, params: dict[str, str]) -> Any:
        if command == "accountsummary":
            why = {**ACCOUNT, "suspended": 1, "suspendreason": "unpaid invoice"}
            return data(command, acct=[why])
        return healthy(command, params)

    with panel(suspended, "whm ") as (url, _):
        facts = await adapter_for(made(url)).domain("example.com")
    assert facts is not None
    assert facts.suspended == "unpaid invoice"


async def test_a_blocked_address_is_found_and_others_are_not(made: Any) -> None:
    with panel(healthy, "whm ") as (url, _):
        hosting = adapter_for(made(url))
        block = await hosting.block("203.0.113.7")
        assert block is not None
        assert block.reason == "12 logins"
        assert await hosting.block("203.0.113.70") is None


async def test_a_stopped_database_is_seen_and_an_unknown_service_is_not_guessed(made: Any) -> None:
    with panel(healthy, "whm ") as (url, _):
        hosting = adapter_for(made(url))
        assert await hosting.service_up("server1", "mysql") is False
        assert await hosting.service_up("server1", "redis") is None


async def test_facts_the_token_may_not_read_are_left_out(made: Any) -> None:
    def little(command: str, params: dict[str, str]) -> Any:
        allowed = command in ("get_domain_info", "accountsummary")
        return healthy(command, params) if allowed else refused(command)

    with panel(little, "whm ") as (url, _):
        facts = await adapter_for(made(url)).domain("example.com")
    assert facts is not None
    assert (facts.bandwidth, facts.last_php_error) == (None, None)


@pytest.mark.parametrize("reply", [500, 403, b"<html>not json", b"[]", b'{"metadata": {}}', b""])
async def test_a_panel_that_fails_is_our_failure_and_never_shows_the_token(
    made: Any, reply: Any
) -> None:
    with panel(lambda *_: reply, "whm ") as (url, _), pytest.raises(HostingError) as caught:
        await adapter_for(made(url)).domain("example.com")
    assert TOKEN not in str(caught.value)


async def test_a_panel_that_is_not_there_is_our_failure(made: Any) -> None:
    with panel(healthy, "whm ") as (url, _):
        pass
    with pytest.raises(HostingError):
        await adapter_for(made(url)).domains()


async def test_the_list_of_domains_is_asked_for_once(made: Any) -> None:
    with panel(healthy, "whm ") as (url, asked):
        hosting = adapter_for(made(url))
        for _ in range(3):
            await hosting.domain("example.com")
    assert [command for command, _, _ in asked].count("get_domain_info") == 1
