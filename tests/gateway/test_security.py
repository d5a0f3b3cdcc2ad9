"""What must not leak, and what must not be believed."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from qiq.desk import Desk
from qiq.gateway import rest, safelog
from qiq.gateway.limits import Limit
from qiq.gateway.visitor_ip import visitor_ip
from tests.desk.blank import blank
from tests.gateway.conftest import FakeRasa, Theatre, until
from tests.gateway.test_widget import page

SECRETS = (
    "Grüße",
    "ann@example.com",
    "Tr0ub4dor",
    "example.com",
    "203.0.113.7",
    "Bearer ",
    "127.0.0.1:",
)


async def test_logs_of_a_whole_talk_hold_nothing_of_the_customer(theatre: Theatre) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(safelog.SafeFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    safelog.quiet()
    try:
        async with theatre.open(FakeRasa(status=503)) as stage:
            words = "Grüße, ann@example.com on example.com, password: Tr0ub4dor&3"
            await stage.say(words)
            stage.rasa.status = 200

            async def answered() -> bool:
                return bool(await stage.texts())

            await until(answered)
            opened = await stage.client.post("/widget/session", json={"token": "Grüße"})
            async with page(stage, opened.json()["token"]) as ann:
                await ann.send(type="message", id="k-1", text="Grüße")
                await ann.read(2, "message")
            await stage.client.post(
                "/webhooks/rest/webhook",
                json={"sender": 1},
                headers={"X-Forwarded-For": SECRETS[4]},
            )
    finally:
        root.removeHandler(handler)
        root.setLevel(logging.WARNING)
    log = "\n".join(line for line in stream.getvalue().splitlines() if not line.startswith("DEBUG"))
    assert "not answered: down" in log, "the log tells staff what happened"
    for secret in SECRETS:
        assert secret not in log


def test_an_exceptions_own_words_stay_out_of_the_log() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(safelog.SafeFormatter("%(message)s"))
    log = logging.getLogger("test_safelog")
    log.propagate = False
    log.addHandler(handler)
    try:
        raise ValueError("Tr0ub4dor")
    except ValueError:
        log.exception("it failed")
    assert "Tr0ub4dor" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "test_security.py" in stream.getvalue()


def request(peer: str, forwarded: str | None = None) -> HTTPConnection:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope: dict[str, Any] = {"type": "http", "client": (peer, 1), "headers": headers}
    return HTTPConnection(scope)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "found"),
    [
        ("198.51.100.1", None, (), "198.51.100.1"),
        ("198.51.100.1", "203.0.113.7", (), "198.51.100.1"),
        ("10.0.0.1", "203.0.113.7", ("10.0.0.0/8",), "203.0.113.7"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.7", ("10.0.0.1",), "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", ("10.0.0.0/8",), "203.0.113.7"),
        ("10.0.0.1", "not an address", ("10.0.0.0/8",), None),
        ("::ffff:198.51.100.1", None, (), "198.51.100.1"),
        ("2001:db8::7", "203.0.113.7", ("10.0.0.0/8",), "2001:db8::7"),
    ],
)
def test_forwarded_addresses_are_believed_only_from_our_proxies(
    peer: str, forwarded: str | None, trusted: tuple[str, ...], found: str | None
) -> None:
    assert visitor_ip(request(peer, forwarded), trusted) == found


@pytest.mark.parametrize("is_shared", [True, False])
async def test_a_limit_holds_over_several_gateways_that_share_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_shared: bool
) -> None:
    monkeypatch.setattr(Desk, "is_shared", is_shared)
    desks = [Desk(blank(tmp_path / "desk.db")) for _ in range(2)]
    one, two = (Limit("messages", 2, 60, desk) for desk in desks)
    assert [await one.take("a"), await one.take("a")] == [0.0, 0.0]
    assert (await two.take("a") > 0) == is_shared
    for desk in desks:
        desk.dispose()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "chat.example.com"])
def test_dev_rest_is_refused_on_a_public_address(host: str) -> None:
    with pytest.raises(rest.PublicAddress, match="--host 127"):
        rest.require_private(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_dev_rest_is_fine_on_this_machine(host: str) -> None:
    rest.require_private(host)


async def test_without_dev_rest_there_is_no_rest(theatre: Theatre) -> None:
    from tests.gateway.conftest import public_app, serving

    async with theatre.open() as stage, serving(public_app(stage.house)) as url:
        for path in ("/webhooks/rest/webhook", "/model/parse"):
            got = await stage.client.post(url + path, json={"sender": "a", "message": "b"})
            assert got.status_code == 404


async def test_pages_keep_to_themselves(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        for path in ("/", "/status", "/status.json", "/health", "/demo/site.css"):
            got = await stage.client.get(path)
            assert got.status_code == 200, path
            assert got.headers["content-security-policy"].startswith("default-src 'self'")
            assert got.headers["x-content-type-options"] == "nosniff"
            for forbidden in ("style=", "<style", "onclick", "javascript:"):
                assert forbidden not in got.text
