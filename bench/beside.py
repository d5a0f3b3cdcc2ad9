"""Our checks beside checkdmarc (DNS and mail policy) and sslyze (TLS), on the same lab.

Use: python -m bench.beside [--peers PYTHON] [--rounds 5] [--json]. Without ``--peers`` an
environment is made for the two in ``var/peers``. For each fault: what each of them finds, and how
long it takes. Both are asked the same questions, in warm processes that remember no answers, in
turn; the lab has a process of its own. Status 1: a finding differs, or ours took more than half as
long.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.lab_process import RunningLab, running
from qiq.checks import registry
from qiq.checks.model import CheckResult, Status, Target
from qiq.checks.runner import run_battery
from qiq.hosting import adapter_for
from qiq.settings import Settings

PINS = ("sslyze==6.3.1", "checkdmarc==5.17.1")
DOMAIN, HOST, ADDRESS = "example.com", "mail.qiq.example", "127.0.10.2"
# Not the name servers: ours asks each of them and the registry's, theirs the resolver once.
POLICY = ("dns.mx", "dns.spf", "dns.dmarc")
SERVICES = ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s")
STARTTLS = {"submission": "smtp", "imap": "imap", "pop3": "pop3", "smtp": "smtp"}
FAULTS = (
    None, "reputation/spf-syntax", "reputation/spf-lookups", "reputation/spf-multiple",
    "reputation/spf-missing", "reputation/dmarc-broken", "dns/mx-unresolvable",
    "tls/expired-certificate", "tls/mail-wrong-name", "tls/mail-untrusted", "tls/mail-self-signed",
    "tls/mail-not-yet-valid", "tls/mail-incomplete-chain", "tls/mail-outdated",
)  # fmt: skip
HALF = 0.5


@dataclass(frozen=True)
class Row:
    """Findings: what → "is it fine?". Times are medians of the rounds in seconds."""

    fault: str
    ours: dict[str, bool]
    theirs: dict[str, bool]
    policy: tuple[float, float]
    tls: tuple[float, float]

    @property
    def same(self) -> bool:
        return self.ours == self.theirs


def peers(given: str | None) -> str:
    """A Python that has both tools."""
    if given:
        return given
    folder = Path("var") / "peers"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PINS], check=True)  # noqa: S603
    return str(python)


@contextmanager
def only(prefixes: tuple[str, ...]) -> Iterator[None]:
    """Runs without the checks that the other tool does not have."""
    everything = registry.specs
    plan = tuple(s for s in everything() if s.id.startswith(prefixes))
    ids = {s.id for s in plan} | {need for s in plan for need in s.needs}
    registry.specs = lambda: tuple(s for s in everything() if s.id in ids)
    try:
        yield
    finally:
        registry.specs = everything


async def ours(prefixes: tuple[str, ...], settings: Settings) -> tuple[list[CheckResult], float]:
    with only(prefixes):
        started = time.perf_counter()
        found = await run_battery(
            ("mail", "mail_reputation", "dns"), Target(DOMAIN), settings,
            hosting=adapter_for(settings),
        )  # fmt: skip
        return found, time.perf_counter() - started


class Peers:
    """Both tools in one process that stays."""

    def __init__(self, python: str) -> None:
        tool = str(Path(__file__).with_name("peer_tools.py"))
        self._process = subprocess.Popen(  # noqa: S603
            [python, tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, settings: Settings) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        resolver, port = settings.network.resolvers[0], settings.network.port
        question = {
            "domain": DOMAIN, "resolver": [resolver.address, resolver.port],
            "ca": str(settings.network.trust_roots),
            "tls": [[HOST, ADDRESS, port(s), STARTTLS.get(s)] for s in SERVICES],
        }  # fmt: skip
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def _fine(found: list[CheckResult], prefix: str) -> bool:
    return not any(r.status is Status.FAIL for r in found if r.id.startswith(prefix))


def row(fault: str | None, lab: RunningLab, other: Peers, rounds: int) -> Row:
    lab.only(fault)
    times: list[list[float]] = [[], [], [], []]
    for _ in range(rounds):
        policy, policy_s = asyncio.run(ours(POLICY, lab.settings))
        tls, tls_s = asyncio.run(ours(("tls.",), lab.settings))
        said = other.ask(lab.settings)
        taken = (policy_s, said["policy"].pop("seconds"), tls_s, said["tls"].pop("seconds"))
        for seen, seconds in zip(times, taken, strict=True):
            seen.append(seconds)
    middle = [statistics.median(seen) for seen in times]
    mine = {name: _fine(policy, f"dns.{name}") for name in ("mx", "spf", "dmarc")}
    return Row(
        fault or "healthy", mine | {"tls": _fine(tls, "tls.")}, said["policy"] | said["tls"],
        (middle[0], middle[1]), (middle[2], middle[3]),
    )  # fmt: skip


def compare(python: str, rounds: int, told: Callable[[Row], None]) -> list[Row]:
    rows: list[Row] = []
    with running() as lab:
        other = Peers(python)
        row(None, lab, other, 1)  # the first of each reads files and loads libraries
        for fault in FAULTS:
            rows.append(row(fault, lab, other, rounds))
            told(rows[-1])
        other.close()
    return rows


def line(r: Row) -> str:
    words = {True: "fine", False: "FAULT"}
    said = "  ".join(
        f"{what.upper()} {words[fine]}/{words[r.theirs[what]]}" for what, fine in r.ours.items()
    )
    took = f"policy {r.policy[0]:.3f}/{r.policy[1]:.3f} s  TLS {r.tls[0]:.3f}/{r.tls[1]:.3f} s"
    return f"{r.fault:26} {said}  {took}  (ours/theirs)"


def ratio(rows: list[Row], part: str) -> float:
    """Our time over theirs, the median of all faults."""
    return statistics.median(getattr(r, part)[0] / getattr(r, part)[1] for r in rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("--peers", help="a Python that has sslyze and checkdmarc")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()

    def told(found: Row) -> None:
        if not given.json:
            print(line(found), flush=True)

    rows = compare(peers(given.peers), given.rounds, told)
    same = sum(r.same for r in rows)
    part = {name: round(ratio(rows, name), 2) for name in ("policy", "tls")}
    if given.json:
        faults = [asdict(r) for r in rows]
        print(json.dumps({"same": same, "of": len(rows), "ratio": part, "faults": faults}))
    else:
        print(f"same findings {same} of {len(rows)}; our time over theirs: {part}")
    return 0 if same == len(rows) and max(part.values()) <= HALF else 1


if __name__ == "__main__":
    sys.exit(main())
