"""Runs a battery: all checks at once, children after their parents, never late, never raising."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from qiq.checks import results
from qiq.checks.clock import Deadline
from qiq.checks.context import Context
from qiq.checks.guard import Refused
from qiq.checks.model import CheckResult, Status, Target
from qiq.checks.registry import Spec, planned
from qiq.hosting import Hosting, adapter_for
from qiq.settings import Settings

log = logging.getLogger("qiq.checks")
Progress = Callable[[CheckResult], None]
TIMED = frozenset({"timeout", "hung", "own_unreachable", "unreachable", "not_delivered", "slow"})
PACE, LATE = 0.1, 1.0
GRACE = 0.15
"""Seconds kept back at the end to hand out results."""


async def run_battery(
    battery: str | Iterable[str],
    target: Target,
    settings: Settings,
    on_result: Progress | None = None,
    *,
    hosting: Hosting | None = None,
) -> list[CheckResult]:
    """Results of every check of ``battery`` (one name or several) that applies to ``target``.

    Ends within ``limits.battery_seconds`` and never raises. ``on_result`` hears each at once.
    """
    names = frozenset([battery] if isinstance(battery, str) else battery)
    deadline = Deadline.in_seconds(settings.limits.battery_seconds - GRACE)
    ctx = Context(settings, target, deadline, hosting or adapter_for(settings))
    watch = asyncio.ensure_future(_watch_our_own_pace(ctx))
    try:
        return await _run(planned(names, target, ctx), target, ctx, on_result)
    finally:
        watch.cancel()
        ctx.close()


async def _watch_our_own_pace(ctx: Context) -> None:
    """Notes how late this program itself is: a machine out of breath sees time-outs everywhere."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(PACE)
        ctx.lag = max(ctx.lag, loop.time() - before - PACE)


async def _run(
    plan: tuple[Spec, ...], target: Target, ctx: Context, on_result: Progress | None
) -> list[CheckResult]:
    tasks: dict[str, asyncio.Task[CheckResult]] = {}
    ids = {spec.id for spec in plan}

    async def one(spec: Spec) -> CheckResult:
        parents = [await asyncio.shield(tasks[need]) for need in spec.needs if need in ids]
        result = await _guarded(spec, parents, target, ctx)
        if result.reason != results.NOTHING_THERE:
            _tell(on_result, result)
        return result

    for spec in plan:
        tasks[spec.id] = asyncio.ensure_future(one(spec))
    found = await asyncio.gather(*tasks.values())
    return [result for result in found if result.reason != results.NOTHING_THERE]


def _tell(on_result: Progress | None, result: CheckResult) -> None:
    if on_result is None:
        return
    try:
        on_result(result)
    except Exception:  # a listener's bug must not cost the results
        log.exception("the listener of results failed")


async def _guarded(
    spec: Spec, parents: list[CheckResult], target: Target, ctx: Context
) -> CheckResult:
    started = time.monotonic()
    stopped = next((p for p in parents if p.status not in (Status.PASS, Status.WARN)), None)
    if stopped is not None:
        result = results.skip(stopped.target, "parent", parent=stopped.id)
    else:
        result = _unless_late(await _caught(spec, target, ctx), ctx)
    ms = round((time.monotonic() - started) * 1000)
    required, own = result.required or spec.required, result.own or spec.own
    return replace(result, id=spec.id, ms=ms, required=required, own=own)


def _unless_late(result: CheckResult, ctx: Context) -> CheckResult:
    """A time-out is only a finding when we were awake to see the answer."""
    if result.status is not Status.FAIL or ctx.lag < LATE:
        return result
    by_time = any(f.code.rpartition(".")[2] in TIMED for f in result.findings)
    return results.error(result.target, "our_machine_late") if by_time else result


async def _caught(spec: Spec, target: Target, ctx: Context) -> CheckResult:
    """The one place that catches everything: a bug here is our failure, never the customer's."""
    try:
        async with asyncio.timeout(ctx.deadline.left()):
            return await spec.run(target, ctx)
    except TimeoutError:
        return results.error(target.domain, "out_of_time")
    except Refused:
        return results.skip(target.domain, "refused_target")
    except Exception:  # a check's own bug costs that check, and is never read as a fault found
        log.exception("check %s failed by itself", spec.id)
        return results.error(target.domain, "our_failure")
