"""What `qiq run` was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """`hosting` is None when the embedded lab is to be the host."""

    folder: Path
    state: Path
    rasa_python: Path
    model: Path
    host: str
    port: int
    dev_rest: bool
    hosting: Path | None
