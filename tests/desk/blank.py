"""A migrated, empty database, made once and copied: migrating takes most of a short test."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from qiq.desk import Desk


@cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="qiq-blank-")) / "desk.db"
    Desk(f"sqlite:///{path}").dispose()
    return path


def blank(path: Path) -> str:
    """Puts an empty desk at ``path`` unless there is one; returns its address."""
    if not path.exists():
        shutil.copy(_template(), path)
    return f"sqlite:///{path}"
