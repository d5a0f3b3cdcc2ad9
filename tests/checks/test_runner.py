"""The runner: all at once, never late, never raising; and whose failure a failure is."""

from __future__ import annotations

import asyncio
import time

import pytest

from qiq.checks import registry, results, runner
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Status, Target
from qiq.checks.registry import Run, Spec
from tests.checks.build import Panel, settings

TARGET = Target("example.com")
BATTERY = frozenset({"mail"})


def spec(id: str, run: Run, *needs: str, own: bool = True) -> Spec:
    return Spec(id, run, BATTERY, needs=needs, own=own)


async def passes(target: Target, ctx: Context) -> CheckResult:
    return results.ok("mail.qiq.example:993")


async def fails(target: Target, ctx: Context) -> CheckResult:
    return results.fail("mail.qiq.example:993", "mail.imap.refused", {"host": "mäil"})


async def hangs(target: Target, ctx: Context) -> CheckResult:
    await asyncio.Event().wait()
    raise AssertionError


async def breaks(target: Target, ctx: Context) -> CheckResult:
    raise RuntimeError("a bug of ours")


async def run(
    monkeypatch: pytest.MonkeyPatch, *specs: Spec, seconds: float = 1.0
) -> dict[str, CheckResult]:
    monkeypatch.setattr(registry, "specs", lambda: specs)
    found = await runner.run_battery("mail", TARGET, settings(seconds=seconds), hosting=Panel())
    return {result.id: result for result in found}


async def test_children_of_a_failed_check_say_why_they_did_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await run(
        monkeypatch, spec("a", fails), spec("b", passes, "a"), spec("c", passes, "b"),
        spec("d", passes),
    )  # fmt: skip
    assert [found[id].status for id in "abcd"] == ["fail", "skip", "skip", "pass"]
    assert (found["b"].reason, found["b"].facts["parent"]) == ("parent", "a")


async def test_a_bug_is_our_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await run(monkeypatch, spec("a", breaks), spec("b", passes))
    assert (found["a"].status, found["a"].reason) == (Status.ERROR, "our_failure")
    assert found["b"].status is Status.PASS


async def test_what_is_not_there_to_be_looked_at_is_not_mentioned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def absent(target: Target, ctx: Context) -> CheckResult:
        return results.nothing("IPv6")

    heard: list[str] = []
    monkeypatch.setattr(registry, "specs", lambda: (spec("a", absent), spec("b", passes)))
    found = await runner.run_battery(
        "mail", TARGET, settings(), lambda r: heard.append(r.id), hosting=Panel()
    )
    assert ([r.id for r in found], heard) == (["b"], ["b"])


async def test_a_check_that_never_ends_costs_its_own_time_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(registry, "specs", lambda: (spec("a", hangs), spec("b", passes)))
    started = time.monotonic()
    found = await runner.run_battery(
        "mail", TARGET, settings(seconds=0.6), lambda r: heard.append(r.id), hosting=Panel()
    )
    assert time.monotonic() - started < 8
    assert heard == ["b", "a"]
    assert [(r.status, r.reason) for r in found] == [("error", "out_of_time"), ("pass", "")]


async def test_checks_run_at_once_and_not_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each waits for the other: in a row they would never end."""
    here, there = asyncio.Event(), asyncio.Event()

    async def first(target: Target, ctx: Context) -> CheckResult:
        here.set()
        await there.wait()
        return results.ok("a")

    async def second(target: Target, ctx: Context) -> CheckResult:
        there.set()
        await here.wait()
        return results.ok("b")

    found = await run(monkeypatch, spec("a", first), spec("b", second))
    assert {result.status for result in found.values()} == {Status.PASS}


async def test_a_time_out_while_we_ourselves_were_late_is_not_held_against_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def late(target: Target, ctx: Context) -> CheckResult:
        ctx.lag = 2.0
        return results.fail("mail.qiq.example:993", "mail.imap.timeout")

    async def refused(target: Target, ctx: Context) -> CheckResult:
        ctx.lag = 2.0
        return results.fail("mail.qiq.example:993", "mail.imap.refused")

    found = await run(monkeypatch, spec("a", late), spec("b", refused))
    assert (found["a"].status, found["a"].reason) == (Status.ERROR, "our_machine_late")
    assert found["b"].status is Status.FAIL


async def test_a_listener_that_fails_does_not_spoil_the_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def listener(result: CheckResult) -> None:
        raise RuntimeError("the gateway is away")

    monkeypatch.setattr(registry, "specs", lambda: (spec("a", passes),))
    found = await runner.run_battery("mail", TARGET, settings(), listener, hosting=Panel())
    assert [r.status for r in found] == ["pass"]


async def test_work_shared_between_checks_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    async def shares(target: Target, ctx: Context) -> CheckResult:
        async def work() -> int:
            done.append(1)
            return 1

        await ctx.once("work", work)
        return results.ok("x")

    await run(monkeypatch, *(spec(id, shares) for id in "abcd"))
    assert done == [1]
