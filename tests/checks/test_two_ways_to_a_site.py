"""One name, several ways to it: http and https, IPv4 and IPv6, a service in front."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from lab.listener import Listener, bound_socket
from lab.world import Wire
from qiq.checks import ipv6
from qiq.checks.context import Context
from qiq.checks.dns import address
from qiq.checks.fetch import Page
from qiq.checks.model import CheckResult, Target
from qiq.checks.results import NOTHING_THERE
from qiq.checks.web import versions
from qiq.checks.web.visit import Visit
from qiq.settings import Settings
from tests.checks.build import context, settings
from tests.checks.dns_server import name_server
from tests.checks.loopback import ipv6_needed

TARGET = Target("example.com", "example.com")
V4, V6 = "127.0.0.1", "::1"
HOME = "<title>Bäckerei Rose</title><h1>Frisches Brot</h1><p>Every day from seven o'clock</p>"


def shown(scheme: str, body: str, status: int = 200) -> Visit:
    url = f"{scheme}://example.com/"
    body = body.ljust(80)
    return Visit((Page(url, V4, status, {}, body, len(body)),), "page")


async def compared(
    monkeypatch: pytest.MonkeyPatch, plain: Visit, secure: Visit
) -> CheckResult:  # fmt: skip
    async def seen(scheme: str, target: Target, ctx: Context) -> Visit:
        return plain if scheme == "http" else secure

    monkeypatch.setattr(versions, "seen", seen)
    async with name_server({("example.com", "A"): [V4]}) as (resolver, _):
        made = settings(addresses=(V4,), resolver=resolver)
        return await versions.versions(TARGET, context(TARGET, made))


OTHER = "<title>Coming soon</title><h1>Our new home opens in spring 2012</h1>"


async def test_two_sites_under_one_name_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await compared(monkeypatch, shown("http", OTHER), shown("https", HOME))
    assert found.status == "warn"
    args = found.findings[0].args
    assert (args["http_title"], args["https_title"]) == ("Coming soon", "Bäckerei Rose")


@pytest.mark.parametrize(
    ("plain", "secure"),
    [
        (shown("http", HOME), shown("https", HOME + "<p>It is 12:30</p>")),
        (shown("http", "<title>Offer 1</title>" + HOME), shown("https", "<title>2</title>" + HOME)),
        (shown("https", HOME), shown("https", HOME)),
        (shown("http", "<h1>Not Found</h1>", 404), shown("https", HOME)),
        (shown("http", "<h1>Welcome to nginx!</h1>"), shown("https", HOME)),
        (Visit((), "loop"), shown("https", HOME)),
    ],
)
async def test_innocent_differences_are_not(
    monkeypatch: pytest.MonkeyPatch, plain: Visit, secure: Visit
) -> None:
    assert (await compared(monkeypatch, plain, secure)).status == "pass"


@contextlib.asynccontextmanager
async def over_ipv6(mode: str) -> AsyncIterator[CheckResult]:
    """The finding for a site with an IPv6 address of ours, on a wire of the lab's ``mode``."""
    ipv6_needed()
    keeper = bound_socket(V6, 0, shared=False)
    listener = Listener("https", keeper, asyncio.Protocol, lambda: Wire(mode))
    await listener.apply()
    records = {("example.com", "A"): [V4], ("example.com", "AAAA"): [V6]}
    try:
        async with name_server(records) as (resolver, _):
            ports = {"https": listener.address[1]}
            made = settings(addresses=(V4, V6), resolver=resolver, ports=ports, seconds=2.0)
            yield await ipv6.site(TARGET, context(TARGET, made))
    finally:
        listener.shut()


@pytest.mark.parametrize(
    ("mode", "status", "codes"),
    [
        ("ok", "pass", []),
        ("refused", "fail", ["web.server.ipv6"]),
        ("dropped", "error", ["web.server.ipv6_silent"]),
    ],
)
async def test_ipv6_is_looked_at_although_ipv4_works(
    mode: str, status: str, codes: list[str]
) -> None:
    """Silence may be our server's or our own network's: it clears nobody and blames nobody."""
    async with over_ipv6(mode) as found:
        assert (found.status, [f.code for f in found.findings]) == (status, codes)
        assert found.required == (status == "error")


async def test_an_ipv6_address_of_strangers_is_not_called() -> None:
    records = {("example.com", "A"): [V4], ("example.com", "AAAA"): ["2001:db8::1"]}
    async with name_server(records) as (resolver, _):
        made = settings(addresses=(V4,), resolver=resolver)
        found = await ipv6.site(TARGET, context(TARGET, made))
    assert (found.status, found.reason) == ("skip", NOTHING_THERE)


@pytest.mark.parametrize(
    ("host", "codes"), [("example.com", ["dns.a.other_server"]), ("mail.example.com", [])]
)
async def test_only_a_sites_own_name_must_lead_to_a_web_server(host: str, codes: list[str]) -> None:
    web = {"id": "web", "names": ["web.qiq.example"], "addresses": ["192.0.2.20"]}
    async with name_server({(host, "A"): [V4]}) as (resolver, _):
        made = settings(addresses=(V4,), resolver=resolver, services=["imaps"])
        both = {
            **made.model_dump(),
            "servers": [*made.model_dump()["servers"], {**web, "services": ["https", "http"]}],
        }
        target = Target("example.com", host)
        found = await address.address(target, context(target, Settings.model_validate(both)))
    assert [f.code for f in found.findings] == codes


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        (["104.16.1.1", "104.16.2.1"], "pass"),
        (["151.101.1.6"], "pass"),
        (["192.0.2.77"], "warn"),
        (["104.16.1.1", "192.0.2.77"], "warn"),
    ],
)
async def test_a_service_in_front_of_a_site_is_a_choice(addresses: list[str], status: str) -> None:
    async with name_server({("www.example.com", "A"): addresses}) as (resolver, _):
        made = settings(addresses=(V4,), resolver=resolver)
        found = await address.www(TARGET, context(TARGET, made))
    assert found.status == status
