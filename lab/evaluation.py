"""``python -m lab.evaluation``: every scenario and near-miss through the checks and the verdict."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from lab.hosts import HOSTS, IPV6_HOST, has_ipv6
from lab.lab import Lab
from lab.scenarios import Expectation, Grievance, Scenario, load
from lab.software.lab import SoftwareLab, missing_programs
from lab.software.unfit import Unfit
from qiq.diagnosis import Diagnosis, Subject, diagnose
from qiq.evaluate.checks import Accuracy, Outcome, page
from qiq.settings import Settings
from qiq.settings import load as load_settings
from qiq.verdict import Complaint

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
UNLIMITED = {
    "checks_per_visitor_per_hour": 100_000, "checks_per_domain_per_hour": 100_000,
    "checks_per_minute": 100_000,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One thing to look at, and what must come out."""

    name: str
    faults: tuple[Mapping[str, Any], ...]
    complaint: Grievance
    expect: Expectation
    may: tuple[str, ...]


def cases(wanted: str = "") -> Iterator[Case]:
    """Scenarios whose name holds ``wanted``, each followed by its near-miss."""
    for scenario in load().values():
        if wanted not in scenario.name:
            continue
        if not _possible(scenario):
            print(f"NOT RUN: {scenario.name}: this machine has no IPv6")
            continue
        yield Case(
            scenario.name, scenario.faults, scenario.complaint, scenario.expect, scenario.may
        )
        near = scenario.near_miss
        yield Case(f"{scenario.name} ~", near.faults, near.complaint, near.expect, near.may)


def _possible(scenario: Scenario) -> bool:
    """Whether this machine has what the faults need."""
    ipv6 = HOSTS[IPV6_HOST]
    return has_ipv6() or not any(ipv6 in fault.get("values", ()) for fault in scenario.faults)


async def look(complaint: Grievance, settings: Settings) -> Diagnosis:
    """The product's own way from a complaint to a diagnosis."""
    asked = Complaint(
        intent=complaint.intent, text=complaint.text, client=complaint.client, os=complaint.os,
        antivirus=complaint.antivirus, app=complaint.app, browser=complaint.browser,
        isp=complaint.isp, seen_issuer=complaint.seen_issuer, named_server=complaint.named_server,
    )  # fmt: skip
    subject = Subject(
        complaint.domain, complaint.email, complaint.url, complaint.visitor_ip,
        (complaint.domain,) if complaint.verified else (),
    )  # fmt: skip
    return await diagnose(asked, subject, settings)


class Switchable(Protocol):
    """A lab of either kind."""

    async def set_faults(self, faults: list[dict[str, Any]]) -> None: ...


async def judge_with(
    lab: Switchable, settings: Settings, case: Case, kind: str = "embedded"
) -> Outcome:
    """Make the faults real, complain, and see what comes out."""
    await lab.set_faults([dict(fault) for fault in case.faults])
    started = time.monotonic()
    found = await look(case.complaint, settings)
    ms = round((time.monotonic() - started) * 1000)
    return Outcome(
        case.name, case.expect.verdict, case.expect.cause, case.may, str(found.verdict.code),
        found.verdict.cause, ms, max((r.ms for r in found.results), default=0), kind,
    )  # fmt: skip


async def evaluate(wanted: str, labs: int) -> Accuracy:
    """Several labs side by side: most cases only wait for time-outs."""
    waiting = list(cases(wanted))
    outcomes: dict[str, Outcome] = {}

    async def work(folder: str) -> None:
        async with Lab.start(folder) as lab:
            settings = generous(load_settings(lab.hosting_path))
            while waiting:
                case = waiting.pop(0)
                outcomes[case.name] = await judge_with(lab, settings, case)
                print("." if outcomes[case.name].right else "F", end="", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        order = [case.name for case in waiting]
        await asyncio.gather(*(work(f"{folder}/{n}") for n in range(labs)))
    print()
    return Accuracy(tuple(outcomes[name] for name in order))


async def evaluate_software(wanted: str) -> tuple[Outcome, ...]:
    """The scenarios that real daemons can be made to show, one after the other."""
    if missing := missing_programs():
        print(f"NOT RUN against real daemons; not installed: {', '.join(missing)}")
        return ()
    outcomes = []
    async with SoftwareLab.start() as lab:
        settings = generous(load_settings(lab.hosting_path))
        for case in cases(wanted):
            with contextlib.suppress(Unfit):
                outcomes.append(await judge_with(lab, settings, case, "software"))
                print("." if outcomes[-1].right else "F", end="", flush=True)
    print()
    return tuple(outcomes)


def generous(settings: Settings) -> Settings:
    made = settings.model_copy(update={"limits": settings.limits.model_copy(update=UNLIMITED)})
    made._path = settings.path
    return made


async def both(wanted: str, labs: int, only: str | None) -> Accuracy:
    outcomes: tuple[Outcome, ...] = ()
    if only != "software":
        outcomes += (await evaluate(wanted, labs)).outcomes
    if only != "embedded":
        outcomes += await evaluate_software(wanted)
    return Accuracy(outcomes)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.evaluation", description=__doc__)
    parser.add_argument("wanted", nargs="?", default="", help="part of a scenario's name")
    parser.add_argument("--labs", type=int, default=3, help="labs side by side")
    parser.add_argument("--only", choices=("embedded", "software"), help="one lab only")
    given = parser.parse_args()
    accuracy = asyncio.run(both(given.wanted, given.labs, given.only))
    print(accuracy.matrix(), accuracy.mistakes(), accuracy.summary(), sep="\n\n")
    if not given.wanted and not given.only:
        PAGE.write_text(page(accuracy), encoding="utf-8")
    return 1 if accuracy.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
