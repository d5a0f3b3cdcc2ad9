"""Our checks beside checkdmarc (DNS and mail policy) and sslyze (TLS), on the same lab.

Use: python -m bench.beside [--peers PYTHON] [--rounds 3] [--json]. Without ``--peers`` an
environment is made for the two in ``var/peers``. For each fault: what each of them finds, and how
long it takes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.checks import UNLIMITED
from lab.lab import Lab
from qiq.checks import registry
from qiq.checks.model import CheckResult, Status, Target
from qiq.checks.runner import run_battery
from qiq.hosting import adapter_for
from qiq.settings import Settings, load

PINS = ("sslyze==6.3.1", "checkdmarc==5.17.1")
DOMAIN = "example.com"
POLICY = ("dns.mx", "dns.spf", "dns.dmarc", "dns.soa", "dns.delegation")
STARTTLS = {"submission": "smtp", "imap": "imap", "pop3": "pop3", "smtp": "smtp"}
FAULTS = (
    "healthy", "reputation/spf-syntax", "reputation/spf-lookups", "reputation/spf-multiple",
    "reputation/dmarc-broken", "tls/expired-certificate", "tls/mail-wrong-name",
    "tls/mail-untrusted", "tls/mail-incomplete-chain",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Verdicts are "is it fine?"; times the best of the rounds, in seconds.

    Of sslyze only the time is compared: its verifier wants more of an authority (KeyUsage) than the
    lab's has, and calls every certificate of the lab untrusted.
    """

    fault: str
    ours: tuple[bool, bool]
    theirs: tuple[bool, bool]
    tls_fine: bool
    policy: tuple[float, float]
    tls: tuple[float, float]


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


async def ours(prefixes: tuple[str, ...], settings: Settings) -> tuple[list[CheckResult], float]:
    """Only the checks the other tool has as well."""
    everything = registry.specs
    plan = tuple(s for s in everything() if s.id.startswith(prefixes))
    ids = {s.id for s in plan} | {need for s in plan for need in s.needs}
    registry.specs = lambda: tuple(s for s in everything() if s.id in ids)
    try:
        started = time.perf_counter()
        found = await run_battery(
            ("mail", "mail_reputation", "dns"), Target(DOMAIN), settings,
            hosting=adapter_for(settings),
        )  # fmt: skip
        return found, time.perf_counter() - started
    finally:
        registry.specs = everything


async def theirs(python: str, lab: Lab, settings: Settings) -> dict[str, Any]:
    host = "mail.qiq.example"
    resolver = settings.network.resolvers[0]
    services = ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s")
    question = {
        "domain": DOMAIN, "resolver": [resolver.address, resolver.port],
        "ca": str(settings.network.trust_roots),
        "tls": [
            [host, "127.0.10.2", settings.network.port(s), STARTTLS.get(s)] for s in services
        ],
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        python, str(Path(__file__).with_name("peer_tools.py")), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    out, _ = await process.communicate(json.dumps(question).encode())
    answer: dict[str, Any] = json.loads(out)
    return answer


def _fine(found: list[CheckResult], prefix: str) -> bool:
    return not any(r.status is Status.FAIL for r in found if r.id.startswith(prefix))


async def row(fault: str, lab: Lab, settings: Settings, python: str, rounds: int) -> Row:
    await lab.heal()
    if fault != "healthy":
        await lab.break_(fault)
    best: list[float] = [9e9] * 4
    for _ in range(rounds):
        policy, policy_s = await ours(POLICY, settings)
        tls, tls_s = await ours(("tls.",), settings)
        other = await theirs(python, lab, settings)
        times = (policy_s, other["policy"]["seconds"], tls_s, other["tls"]["seconds"])
        best = [min(pair) for pair in zip(best, times, strict=True)]
    return Row(
        fault,
        (_fine(policy, "dns.spf"), _fine(policy, "dns.dmarc")),
        (other["policy"]["spf"], other["policy"]["dmarc"]),
        _fine(tls, "tls."),
        (best[0], best[1]),
        (best[2], best[3]),
    )


async def compare(python: str, rounds: int, told: Callable[[Row], None]) -> list[Row]:
    rows = []
    with TemporaryDirectory() as folder:
        async with Lab.start(folder) as lab:
            made = load(lab.hosting_path)
            limits = made.limits.model_copy(update=UNLIMITED)
            settings = made.model_copy(update={"limits": limits})
            settings._path = made.path
            for fault in FAULTS:
                rows.append(await row(fault, lab, settings, python, rounds))
                told(rows[-1])
    return rows


def line(r: Row) -> str:
    words = {True: "fine", False: "FAULT"}
    said = " ".join(
        f"{name} {words[a]}/{words[b]}"
        for name, a, b in zip(("SPF", "DMARC"), r.ours, r.theirs, strict=True)
    )
    return (
        f"{r.fault:26} {said}   policy {r.policy[0]:.2f}/{r.policy[1]:.2f} s   "
        f"TLS (ours) {words[r.tls_fine]} {r.tls[0]:.2f}/{r.tls[1]:.2f} s   (ours/theirs)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("--peers", help="a Python that has sslyze and checkdmarc")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()

    def told(found: Row) -> None:
        if not given.json:
            print(line(found), flush=True)

    rows = asyncio.run(compare(peers(given.peers), given.rounds, told))
    if given.json:
        print(json.dumps({"faults": [asdict(r) for r in rows]}))
    return 0 if all(r.ours == r.theirs for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
