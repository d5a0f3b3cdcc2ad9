"""`qiq bench`: measures, each part by a program of its own (`qiq.bench.parts`)."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from qiq.bench.parts import PARTS, figures, run
from qiq.cli import _project

app = typer.Typer(add_completion=False)
NAMES = ", ".join(PARTS)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Options of a part's own are passed on to it: qiq bench --part product --rounds 20",
)
def bench(
    ctx: typer.Context,
    part: Annotated[list[str] | None, typer.Option(help=f"one of {NAMES}; default: all")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print figures for programs")] = False,
) -> None:
    """Measure the product. Status 1 when something did not answer or missed its goal."""
    chosen = part or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        raise _bad(f"there is no part {unknown[0]!r}: name one of {NAMES}.")
    if ctx.args and len(chosen) != 1:
        raise _bad(f"{ctx.args[0]!r} is an option of one part: name the part with --part.")
    root = _project.root()
    found: dict[str, Any] = {}
    failed = []
    for name in chosen:
        if as_json:
            status, found[name] = figures(PARTS[name], root, ctx.args)
        else:
            typer.echo(f"--- {name}: {PARTS[name].title}")
            status = run(PARTS[name], root, ctx.args)
        failed += [name] if status else []
    if as_json:
        typer.echo(json.dumps(found))
    if failed:
        typer.echo(f"qiq bench: did not answer or missed a goal: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


def _bad(text: str) -> typer.Exit:
    typer.echo(f"qiq bench: {text}", err=True)
    return typer.Exit(2)
