"""`qiq run`: gateway, Rasa, actions and, without settings of a host, the embedded lab."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from qiq.cli import _project
from qiq.stack import Options, parts
from qiq.supervisor import Supervisor
from qiq.supervisor.journal import Journal
from qiq.supervisor.ports import PortInUse, require_free
from qiq.training import TrainingFailed, current_model
from qiq.training import train as train_model


def run(
    port: Annotated[int, typer.Option(min=1, max=65535, help="of the page and the widget")] = 5005,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    model: Annotated[
        Path | None, typer.Option(exists=True, help="a trained model; default: this clone's own")
    ] = None,
    dev_rest: Annotated[
        bool, typer.Option("--dev-rest", help="Rasa's REST shape, for development only")
    ] = False,
) -> None:
    """Start everything and print the address of the page; Ctrl-C ends everything."""
    folder = _project.root()
    python = _project.rasa_python(folder)
    try:
        require_free(host, port)
        if dev_rest:
            _require_private(host)
        chosen = model.absolute() if model else _model(folder, python)
    except (PortInUse, ValueError, TrainingFailed) as error:
        typer.echo(f"qiq run: {error}", err=True)
        raise typer.Exit(2) from error
    state = Path(os.environ.get("QIQ_STATE") or folder / "var").absolute()
    options = Options(folder, state, python, chosen, host, port, dev_rest, _hosting(folder))
    shown = f"[{host}]" if ":" in host else host
    journal = Journal(state / "log")
    try:
        supervisor = Supervisor(parts(options), journal, f"open http://{shown}:{port}/")
        raise typer.Exit(asyncio.run(supervisor.run()))
    finally:
        journal.close()


def _require_private(host: str) -> None:
    """Raises ValueError where others could reach the development routes."""
    # The gateway's modules take a second to load, which only this option needs.
    from qiq.gateway.rest import require_private

    require_private(host)


def _model(folder: Path, python: Path) -> Path:
    if not current_model(folder).is_file():
        typer.echo("The assistant has to be trained first (a minute or two) …", err=True)
    return train_model(folder, python, progress=_project.say)


def _hosting(folder: Path) -> Path | None:
    """The host's settings, or None for the embedded lab's."""
    if given := os.environ.get("QIQ_HOSTING"):
        return Path(given).absolute()
    own = folder / "hosting.yml"
    return own if own.is_file() else None
