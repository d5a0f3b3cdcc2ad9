"""How long a battery takes beside its slowest check, and what 100 diagnoses at once cost.

Use: python -m bench.checks [--rounds 9] [--at-once 100] [--json]. Runs its own lab in a process of
its own, so that the pretend host's work is not counted as ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import time
from dataclasses import asdict, dataclass

from bench.lab_process import running
from qiq.diagnosis import Diagnosis, Subject, diagnose
from qiq.settings import Settings
from qiq.verdict import Complaint

KINDS = {"mail": "email_cannot_connect", "web": "site_down", "dns": "dns_problem"}
DOMAINS = ("example.com", "example.org", "example.net", "rosebakery.example", "oldmill.example")


@dataclass(frozen=True)
class Battery:
    """Medians over all rounds, in milliseconds; ``over`` is wall time less the slowest check."""

    kind: str
    checks: int
    wall_ms: float
    slowest_ms: float
    over_ms: float
    ratio: float


@dataclass(frozen=True)
class Crowd:
    """``late`` counts diagnoses whose battery took longer than the limit; memory in MB."""

    at_once: int
    seconds: float
    late: int
    verdicts: dict[str, int]
    memory_first_mb: float
    memory_last_mb: float


async def one(kind: str, settings: Settings, domain: str = DOMAINS[0]) -> tuple[Diagnosis, float]:
    started = time.perf_counter()
    found = await diagnose(Complaint(KINDS[kind]), Subject(domain), settings)
    return found, (time.perf_counter() - started) * 1000


async def battery(kind: str, settings: Settings, rounds: int) -> Battery:
    walls, slowest, count = [], [], 0
    for _ in range(rounds):
        found, wall = await one(kind, settings)
        walls.append(wall)
        slowest.append(max(result.ms for result in found.results))
        count = len(found.results)
    wall, slow = statistics.median(walls), statistics.median(slowest)
    over = statistics.median(w - s for w, s in zip(walls, slowest, strict=True))
    return Battery(kind, count, round(wall), round(slow), round(over), round(wall / slow, 2))


async def crowd(at_once: int, settings: Settings) -> Crowd:
    """The same crowd twice: memory must not grow from the first to the second."""
    memory = []
    for _ in range(2):
        started = time.perf_counter()
        jobs = [one("mail", settings, DOMAINS[n % len(DOMAINS)]) for n in range(at_once)]
        found = await asyncio.gather(*jobs)
        seconds = time.perf_counter() - started
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    verdicts: dict[str, int] = {}
    for diagnosis, _ in found:
        verdicts[str(diagnosis.verdict.code)] = verdicts.get(str(diagnosis.verdict.code), 0) + 1
    limit = settings.limits.battery_seconds * 1000
    late = sum(any(r.ms > limit for r in diagnosis.results) for diagnosis, _ in found)
    return Crowd(at_once, round(seconds, 1), late, verdicts, round(memory[0]), round(memory[1]))


async def measure(settings: Settings, rounds: int, at_once: int) -> tuple[list[Battery], Crowd]:
    await one("mail", settings)  # the first one reads files and loads libraries
    batteries = [await battery(kind, settings, rounds) for kind in KINDS]
    return batteries, await crowd(at_once, settings)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.checks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with running() as lab:
        batteries, many = asyncio.run(measure(lab.settings, given.rounds, given.at_once))
    if given.json:
        figures = {"batteries": [asdict(b) for b in batteries], "crowd": asdict(many)}
        print(json.dumps(figures))
        return 0
    for b in batteries:
        print(
            f"{b.kind}: {b.checks} checks, wall {b.wall_ms} ms, slowest check {b.slowest_ms} ms, "
            f"over it {b.over_ms} ms (x {b.ratio})"
        )
    print(
        f"{many.at_once} at once: {many.seconds} s, late {many.late}, verdicts {many.verdicts}, "
        f"memory {many.memory_first_mb} MB, then {many.memory_last_mb} MB"
    )
    good = all(b.ratio <= 1.1 or b.over_ms <= 50 for b in batteries) and many.late == 0
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
