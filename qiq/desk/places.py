"""Where the desk's data lies: environment first, then ``hosting.yml``, then the state folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qiq.settings import Settings


@dataclass(frozen=True)
class DataPlaces:
    """``tracker_url`` is Rasa's own database."""

    state: Path
    database_url: str
    tracker_url: str

    @classmethod
    def find(cls, settings: Settings) -> DataPlaces:
        """The same for gateway and command line, started by `qiq run` or by hand."""
        state = Path(os.environ.get("QIQ_STATE") or "var").absolute()
        database = (
            os.environ.get("QIQ_DATABASE_URL")
            or settings.desk.database_url
            or f"sqlite:///{state / 'desk.db'}"
        )
        beside = f"sqlite:///{state / 'tracker.db'}" if database.startswith("sqlite") else database
        return cls(state, database, os.environ.get("QIQ_TRACKER_URL") or beside)
