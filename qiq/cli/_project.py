"""Where the project's folder and its two environments are."""

from __future__ import annotations

import os
from pathlib import Path

import typer

RASA_PYTHON = Path(".venv-rasa") / "bin" / "python"


def root() -> Path:
    """The folder with `config.yml`: QIQ_HOME, else this package's clone."""
    folder = Path(os.environ.get("QIQ_HOME") or Path(__file__).parents[2]).absolute()
    if not (folder / "config.yml").is_file():
        raise _stop(f"{folder} is not the project's folder (no config.yml): set QIQ_HOME to it.")
    return folder


def rasa_python(folder: Path) -> Path:
    """Python of Rasa's environment."""
    python = Path(os.environ.get("QIQ_RASA_PYTHON") or folder / RASA_PYTHON)
    if not python.is_file():
        raise _stop(f"Rasa's environment is missing ({python}). Make it with: make setup")
    return python


def say(text: str) -> None:
    """A line about something that takes its time."""
    typer.echo(f"qiq: {text}", err=True)


def _stop(text: str) -> typer.Exit:
    typer.echo(f"qiq: {text}", err=True)
    return typer.Exit(2)
