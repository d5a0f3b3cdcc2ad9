"""``qiq errors``: errors that customers met and that nobody has described yet."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qiq.cli._desk import CannotDo, open_desk
from qiq.desk.unknown import KeptError

app = typer.Typer(help="Errors customers met that are still to be explained.", no_args_is_help=True)


@app.command()
def unknown() -> None:
    """List them, the most frequent first."""
    from qiq.knowledge import load
    from qiq.knowledge.skeleton import where

    with open_desk() as (desk, _, _places):
        table = Table("id", "times", "last", "error", "read from it", box=None)
        errors = desk.unknown_errors()
        known = load()
        for one in errors:
            explained = known.match_errors(one.text)
            note = f"explained by now: {explained[0].entry.id}" if explained else where(one)
            last = f"{one.last_at.astimezone():%d %b %H:%M}"
            table.add_row(one.id, str(one.count), last, one.text, note)
        Console().print(table if errors else "No unknown errors.")


@app.command()
def export(
    ids: Annotated[list[str] | None, typer.Argument(help="all when none is named")] = None,
) -> None:
    """Print entries for knowledge/errors/, to be completed."""
    from qiq.knowledge.skeleton import skeleton

    with open_desk() as (desk, _, _places):
        typer.echo(skeleton(_chosen(desk.unknown_errors(), ids)), nl=False)


@app.command()
def forget(ids: Annotated[list[str], typer.Argument(help="ids of `qiq errors unknown`")]) -> None:
    """Take errors off the list, once they are explained or were none."""
    with open_desk() as (desk, _, _places):
        chosen = _chosen(desk.unknown_errors(), ids)
        typer.echo(f"{desk.forget_unknown(one.id for one in chosen)} taken off the list.")


def _chosen(errors: list[KeptError], ids: list[str] | None) -> list[KeptError]:
    missing = set(ids or ()) - {one.id for one in errors}
    if missing:
        raise CannotDo(f"no unknown error has the id {min(missing)}; see `qiq errors unknown`")
    return [one for one in errors if not ids or one.id in ids]
