"""The whole product for the scripts: ``python -m tests.conversations.stack PORT STATE``.

Gateway, Rasa, actions and lab under the product's own supervisor, as ``qiq run --dev-rest`` starts
them, but with budgets that let hundreds of conversations run in minutes, a desk that never closes,
and a clock that can be put forward. ``QIQ_TEST_SETTINGS`` (YAML) is laid over the settings.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from qiq.cli import _project
from qiq.stack import Options, parts
from qiq.supervisor import Part, Supervisor
from qiq.supervisor.journal import Journal
from qiq.training import train

ROOT = Path(__file__).parents[2]
MANY = 100_000
GENEROUS = {
    "limits": {
        "checks_per_visitor_per_hour": MANY,
        "checks_per_domain_per_hour": MANY,
        "checks_per_minute": MANY,
        "messages_per_minute": MANY,
        "sessions_per_address_per_hour": MANY,
    },
    "hours": {
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "opens": "00:00",
        "closes": "23:59",
        "expected_wait_minutes": 1,
    },
    "desk": {
        "incident_customers": MANY,
        "recheck_seconds": float(os.environ.get("QIQ_TEST_RECHECK_SECONDS", "1")),
    },
}


def main() -> None:
    """Serve until told to stop; "ready" is printed when everything answers."""
    port, state = int(sys.argv[1]), Path(sys.argv[2])
    python = _project.rasa_python(ROOT)
    given = os.environ.get("QIQ_TEST_MODEL")
    model = Path(given) if given else train(ROOT, python)
    options = Options(ROOT, state, python, model, "127.0.0.1", port, True, None)
    found = [_adapted(part) for part in parts(options)]
    journal = Journal(state / "log")
    sys.exit(asyncio.run(Supervisor(found, journal, "the stack is ready").run()))


def _adapted(part: Part) -> Part:
    # The tests kill parts more often than any product should have to bear.
    part = replace(part, patience=replace(part.patience, deaths=100, longest_delay=1.0))
    if part.name not in ("actions", "gateway"):
        return part
    command = part.command
    if part.name == "actions":
        command = (sys.executable, "-m", "tests.conversations.actions_with_clock", *command[-2:])
    return replace(part, command=command, environment=_generous(part.environment))


Told = Callable[[], Mapping[str, str]]


def _generous(told: Told) -> Told:
    def environment() -> Mapping[str, str]:
        found = told()
        lab = Path(found["QIQ_HOSTING"])
        settings = yaml.safe_load(lab.read_text(encoding="utf-8"))
        wanted = yaml.safe_load(os.environ.get("QIQ_TEST_SETTINGS", "{}"))
        for section, keys in [*GENEROUS.items(), *wanted.items()]:
            settings[section] = {**settings.get(section, {}), **keys}
        path = lab.parent / "hosting-scripts.yml"
        path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        return {**found, "QIQ_HOSTING": str(path)}

    return environment


if __name__ == "__main__":
    main()
