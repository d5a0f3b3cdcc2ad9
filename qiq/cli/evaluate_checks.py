"""`qiq evaluate-checks`: every fault of the lab through the checks and the verdict."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from qiq.cli import _project


def evaluate_checks(
    wanted: Annotated[str, typer.Argument(help="part of a scenario's name; all of them else")] = "",
    labs: Annotated[int, typer.Option(help="labs side by side; fewer on a busy machine")] = 2,
) -> None:
    """Print the confusion matrix; a whole run writes docs/accuracy.md. Status 1: one is wrong."""
    command = [sys.executable, "-m", "lab.evaluation", "--labs", str(labs)]
    command += [wanted] if wanted else []
    raise typer.Exit(
        subprocess.run(command, cwd=_project.root(), check=False).returncode  # noqa: S603
    )
