"""``qiq settings``: check the file, print its schema or its reference page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qiq.settings import SettingsError, load
from qiq.settings import reference as pages

app = typer.Typer(help="Check hosting.yml, or print its schema and reference.")


@app.command()
def check(path: Annotated[Path | None, typer.Argument(help="default: QIQ_HOSTING")] = None) -> None:
    """Read the file as the bot would; print every problem. Exit status 0 good, 2 bad."""
    try:
        settings = load(path)
    except SettingsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{settings.path}: good ({len(settings.servers)} servers)")


@app.command()
def schema() -> None:
    """Print the JSON Schema (docs/hosting.schema.json)."""
    typer.echo(pages.schema(), nl=False)


@app.command()
def reference() -> None:
    """Print the reference page (docs/settings.md)."""
    typer.echo(pages.reference())
