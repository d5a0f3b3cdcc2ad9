"""Silence says something about the other side only when it had time to answer; else it is ours."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from qiq.checks.clock import Deadline
from qiq.checks.context import Context
from qiq.checks.dns.authority import authority
from qiq.checks.dns_door import DnsStatus
from qiq.checks.errors import Trouble, WireError
from qiq.checks.model import Target
from tests.checks.build import Panel, settings

TARGET = Target("example.com")
LOOPBACK = "127.0.0.1"


class Mute(asyncio.DatagramProtocol):
    """Hears questions and never answers."""

    def __init__(self) -> None:
        self.asked = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1


@contextlib.asynccontextmanager
async def mute_name_server() -> AsyncIterator[tuple[int, Mute]]:
    loop = asyncio.get_running_loop()
    transport, mute = await loop.create_datagram_endpoint(Mute, local_addr=(LOOPBACK, 0))
    try:
        yield transport.get_extra_info("sockname")[1], mute
    finally:
        transport.close()


@pytest.fixture
def no_answer() -> Iterator[int]:
    """A port whose accept queue is full: the kernel drops every further SYN (listen(2))."""
    with contextlib.ExitStack() as open_:
        listener = open_.enter_context(socket.socket())
        listener.bind((LOOPBACK, 0))
        listener.listen(0)
        for _ in range(3):
            caller = open_.enter_context(socket.socket())
            caller.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                caller.connect(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.fixture
def no_word() -> Iterator[int]:
    """A port where connections are taken and nothing is said."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen(5)
        yield listener.getsockname()[1]


def surroundings(port: int, *, left: float, total: float) -> Context:
    """A run of ``total`` seconds of which ``left`` are left (and the doors' margin)."""
    ports = dict.fromkeys(("dns", "http", "imap"), port)
    made = settings(addresses=(LOOPBACK,), ports=ports, resolver=(LOOPBACK, port))
    deadline = Deadline(asyncio.get_running_loop().time() + left + 0.3, total)
    return Context(made, TARGET, deadline, Panel())


async def dialled(ctx: Context, port: int) -> None:
    async with ctx.dial.open(LOOPBACK, port):
        pass


async def spoken(ctx: Context, port: int) -> None:
    async with ctx.dial.open(LOOPBACK, port) as line:
        await line.line()


async def fetched(ctx: Context, port: int) -> None:
    await ctx.web.get("http", "example.com", "/", LOOPBACK)


async def trouble(
    step: Callable[[Context, int], Awaitable[None]], port: int, *, left: float, total: float
) -> Trouble:
    with pytest.raises(WireError) as caught:
        await step(surroundings(port, left=left, total=total), port)
    return caught.value.trouble


@pytest.mark.parametrize("step", [dialled, fetched])
async def test_a_server_that_had_no_time_to_take_a_call_is_not_to_blame(
    step: Callable[[Context, int], Awaitable[None]], no_answer: int
) -> None:
    assert await trouble(step, no_answer, left=0.05, total=7) is Trouble.OURS
    assert await trouble(step, no_answer, left=0.5, total=0.8) in (Trouble.TIMEOUT, Trouble.HUNG)


@pytest.mark.parametrize("step", [spoken, fetched])
async def test_a_server_that_had_no_time_to_speak_is_not_to_blame(
    step: Callable[[Context, int], Awaitable[None]], no_word: int
) -> None:
    assert await trouble(step, no_word, left=0.1, total=7) is Trouble.OURS
    assert await trouble(step, no_word, left=0.5, total=0.8) is Trouble.HUNG


async def test_a_name_server_that_had_no_time_to_answer_is_not_called_silent() -> None:
    async with mute_name_server() as (port, _):
        hurried = surroundings(port, left=0.05, total=7)
        assert (await hurried.dns.ask_server(LOOPBACK, "example.com", "SOA")).status is (
            DnsStatus.OURS
        )
        patient = surroundings(port, left=0.5, total=0.8)
        assert (await patient.dns.ask_server(LOOPBACK, "example.com", "SOA")).status is (
            DnsStatus.TIMEOUT
        )


async def test_a_resolver_that_never_spoke_is_not_waited_for_again_and_again() -> None:
    """The rest of the battery needs the time."""
    async with mute_name_server() as (port, mute):
        ctx = surroundings(port, left=0.8, total=1.1)
        assert (await ctx.dns.ask("example.com", "A")).status is DnsStatus.TIMEOUT
        asked = mute.asked
        assert (await ctx.dns.ask("www.example.com", "A")).status is DnsStatus.TIMEOUT
        assert not await ctx.dns.alive()
        assert (await authority(TARGET, ctx)).parent == "unclear"
        assert mute.asked == asked
