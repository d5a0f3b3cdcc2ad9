"""`qiq evaluate`: how well messages are understood, as figures, with floors."""

from __future__ import annotations

import subprocess
from typing import Annotated

import typer

from qiq.cli import _project
from qiq.training import current_model


def evaluate(
    data: Annotated[str | None, typer.Option(help="labelled messages, one JSON a line")] = None,
    model: Annotated[str | None, typer.Option(help="a trained model (else the current)")] = None,
    other: Annotated[str | None, typer.Option(help="another model, timed in the same run")] = None,
    picture: Annotated[str, typer.Option(help="confusion picture")] = "docs/confusion.png",
    no_floors: Annotated[bool, typer.Option("--no-floors", help="print figures only")] = False,
) -> None:
    """Measure the trained model. Status 1: a figure is below its floor; 2: bad input."""
    folder = _project.root()
    command = [str(_project.rasa_python(folder)), "-m", "bot.nlu.evaluate"]
    command += ["--model", model or str(current_model(folder))]
    command += ["--picture", picture] if picture else []
    command += ["--data", data] if data else []
    command += ["--stock", other] if other else []
    command += ["--no-floors"] if no_floors else []
    raise typer.Exit(subprocess.run(command, cwd=folder, check=False).returncode)  # noqa: S603
