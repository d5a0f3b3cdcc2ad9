"""`qiq train`: train the assistant if something it is made from has changed."""

from __future__ import annotations

from typing import Annotated

import typer

from qiq.cli import _project
from qiq.training import TrainingFailed, current_model
from qiq.training import train as train_model


def train(
    force: Annotated[bool, typer.Option("--force", help="train even if nothing changed")] = False,
) -> None:
    """Train the assistant if something it is made from has changed. Exit status 1 on failure."""
    folder = _project.root()
    model = current_model(folder)
    if model.is_file() and not force:
        typer.echo(f"{model.relative_to(folder)} is up to date")
        return
    typer.echo("Training the assistant (a minute or two) …", err=True)
    try:
        train_model(folder, _project.rasa_python(folder), force=force, progress=_project.say)
    except TrainingFailed as error:
        typer.echo(f"qiq train: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{model.relative_to(folder)} is trained")
