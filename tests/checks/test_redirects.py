"""Redirects go through the guard again, and the vetted address is the one that is called."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from qiq.checks.errors import Trouble, WireError
from qiq.checks.guard import Refused
from qiq.checks.model import Target
from qiq.checks.web.visit import next_hop, visit
from tests.checks.build import context, settings
from tests.checks.dns_server import name_server

TARGET = Target("example.com", "example.com")
NOT_FOLLOWED = [
    "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "gopher://example.com/",
    "http://user@example.com/", "http://example.com@127.0.0.1/", "http://example.com:8080/",
    "https://example.com:22/", "http://example.com:99999/", "http://example.com\r\nX-Inside: 1/",
    "http://exa mple.com/", "//exa\tmple.com/", "http://[::1/", "http://😀😀😀..example/",
    "http://" + "a" * 300 + "/",
]  # fmt: skip
LED_INSIDE = [
    "http://127.0.0.1/", "http://127.0.0.1:80/admin", "http://169.254.169.254/latest/", "http://0/",
    "http://10.0.0.1/", "http://192.168.1.1/", "http://2130706433/", "http://inside.example.com/",
    "http://cname.example.com/", "http://rebound.example/",
]  # fmt: skip


@contextlib.asynccontextmanager
async def web_server(
    reply: bytes, address: str = "127.0.0.1"
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Answers every request with ``reply`` and keeps what was asked."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(reply)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, address, 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()


def moved(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("location", NOT_FOLLOWED)
def test_odd_redirects_are_not_followed(location: str) -> None:
    assert next_hop("https://example.com/", location) is None


@pytest.mark.parametrize(
    ("location", "hop"),
    [
        ("/neu", ("https", "example.com", "/neu")),
        ("https://www.example.com/?q=ä", ("https", "www.example.com", "/?q=ä")),
        ("//müller.example/x", ("https", "xn--mller-kva.example", "/x")),
        ("http://example.com:80/", ("http", "example.com", "/")),
    ],
)
def test_honest_redirects_are_read(location: str, hop: tuple[str, str, str]) -> None:
    assert next_hop("https://example.com/", location) == hop


@pytest.mark.parametrize("location", LED_INSIDE)
async def test_a_redirect_inwards_is_reported_and_not_followed(location: str) -> None:
    records = {
        ("inside.example.com", "A"): ["127.0.0.1"],
        ("cname.example.com", "CNAME"): ["inside.example.com."],
        ("rebound.example", "A"): ["127.0.0.1"],
    }
    async with (
        name_server(records) as (resolver, _),
        web_server(moved(location), "127.0.30.1") as (port, heard),
    ):
        made = settings(addresses=("127.0.30.1",), ports={"http": port}, resolver=resolver)
        ctx = context(TARGET, made)
        went = await visit("http", "example.com", "/", "127.0.30.1", TARGET, ctx)
    assert went.end in ("inside", "away")
    assert len(heard) == 1


async def test_a_name_that_changes_its_mind_is_called_at_the_vetted_address() -> None:
    """First answer ours, every later one inside: the first is kept for the whole run."""

    def change(name: str, kind: str, count: int) -> list[str] | None:
        return ["127.0.30.1"] if count == 1 else ["127.0.0.1"]

    page = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    async with (
        name_server({("example.com", "A"): ["127.0.30.1"]}, change) as (resolver, zone),
        web_server(page, "127.0.30.1") as (port, heard),
    ):
        made = settings(addresses=("127.0.30.1",), ports={"http": port}, resolver=resolver)
        ctx = context(TARGET, made)
        for _ in range(3):
            (address,) = (await ctx.dns.ask("example.com", "A")).records
            assert (await ctx.web.get("http", "example.com", "/", address)).body == "hello"
    assert len(heard) == 3
    assert zone.asked.count(("example.com", "A")) == 1


async def test_the_door_for_pages_refuses_inside_addresses() -> None:
    ctx = context(TARGET, settings())
    with pytest.raises(Refused):
        await ctx.web.get("http", "example.com", "/", "127.0.0.1")


async def test_a_slow_drip_ends_at_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)

    server = await asyncio.start_server(drip, "127.0.30.1", 0)
    port = server.sockets[0].getsockname()[1]
    ctx = context(TARGET, settings(addresses=("127.0.30.1",), ports={"http": port}, seconds=1))
    with pytest.raises(WireError) as caught:
        await ctx.web.get("http", "example.com", "/", "127.0.30.1")
    assert caught.value.trouble is Trouble.HUNG
    server.close()


async def test_an_endless_page_is_read_only_so_far() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"x" * 16384)
                await writer.drain()

    server = await asyncio.start_server(flood, "127.0.30.1", 0)
    port = server.sockets[0].getsockname()[1]
    ctx = context(TARGET, settings(addresses=("127.0.30.1",), ports={"http": port}))
    page = await ctx.web.get("http", "example.com", "/", "127.0.30.1")
    assert page.cut
    assert page.size <= 262_144
    server.close()
