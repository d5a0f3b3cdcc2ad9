"""The variables of docs/interfaces.md."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qiq.stack.options import Options
from qiq.supervisor.ports import free_port


@dataclass(frozen=True)
class Ports:
    """Loopback ports of the inner parts, chosen once for this run."""

    rasa: int
    actions: int
    internal: int

    @classmethod
    def choose(cls) -> Ports:
        """Three ports that are free now."""
        return cls(free_port(), free_port(), free_port())


def shared(options: Options, ports: Ports) -> Mapping[str, str]:
    """What every part is told. The internal token is new with each start, and in no file."""
    given = {
        "QIQ_STATE": str(options.state),
        "QIQ_INTERNAL_TOKEN": secrets.token_urlsafe(32),
        "QIQ_RASA_URL": f"http://127.0.0.1:{ports.rasa}",
        "QIQ_ACTIONS_URL": f"http://127.0.0.1:{ports.actions}",
        "QIQ_GATEWAY_INTERNAL_URL": f"http://127.0.0.1:{ports.internal}",
        "QIQ_HOSTING": str(options.hosting or lab_folder(options) / "hosting.yml"),
        "QIQ_DATABASE_URL": _database(options),
        "QIQ_TRACKER_URL": _tracker(options),
        "PYTHONUNBUFFERED": "1",
        # Compiled modules are kept: without them each start compiles 2,000 files anew.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_HOST": "127.0.0.1",
    }
    return given


def lab_folder(options: Options) -> Path:
    """Where the embedded lab writes its files."""
    return options.state / "lab"


def of_lab(options: Options) -> Mapping[str, str]:
    """What the embedded lab tells the parts that read its settings; nothing without a lab."""
    if options.hosting is not None:
        return {}
    told = json.loads((lab_folder(options) / "lab.json").read_text(encoding="utf-8"))
    return {"QIQ_LAB_URL": told["url"], "QIQ_LAB_TOKEN": told["token"], **told["environment"]}


def _database(options: Options) -> str:
    if given := os.environ.get("QIQ_DATABASE_URL"):
        return given
    if options.hosting is not None:
        # Only here: reading settings takes pydantic, and half a second to load it.
        from qiq import settings

        chosen = settings.load(options.hosting).desk.database_url
        if chosen:
            return chosen
    return f"sqlite:///{options.state / 'desk.db'}"


def _tracker(options: Options) -> str:
    """Rasa's working memory: beside the desk in PostgreSQL, in a file of its own with SQLite."""
    if given := os.environ.get("QIQ_TRACKER_URL"):
        return given
    database = _database(options)
    if database.startswith("sqlite"):
        return f"sqlite:///{options.state / 'tracker.db'}"
    return database
