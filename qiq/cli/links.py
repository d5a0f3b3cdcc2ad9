"""``qiq links``: are the addresses that customers are given still there?"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from qiq.knowledge import KnowledgeError, load
from qiq.links.check import Manners, check_links
from qiq.links.collect import collect
from qiq.links.model import Found, State
from qiq.links.stamp import stamp

app = typer.Typer()


@app.command()
def links(
    root: Annotated[Path | None, typer.Option(help="another knowledge folder")] = None,
    sources: Annotated[bool, typer.Option("--sources", help="also where errors were read")] = False,
    stamp_file: Annotated[
        bool, typer.Option("--stamp", help="write today into entries that are all found")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON list")] = False,
    pause: Annotated[float, typer.Option(help="seconds between two questions to a site")] = 1.0,
    timeout: Annotated[float, typer.Option(help="seconds for each answer")] = 15.0,
    trust_roots: Annotated[Path | None, typer.Option(help="PEM file of trust roots")] = None,
) -> None:
    """Re-check every link. Status 1: one is gone or has moved; 2: bad input."""
    try:
        known = load(root)
    except KnowledgeError as err:
        typer.echo(str(err), err=True)
        raise typer.Exit(2) from err
    manners = Manners(pause=pause, timeout=timeout, trust_roots=str(trust_roots or "") or None)
    tell = _silent if as_json else _tell
    found = check_links(collect(known, sources=sources), manners, tell)
    if as_json:
        typer.echo(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=1))
    else:
        counts = Counter(one.state.value for one in found)
        if found and all(one.state is State.CANNOT_TELL for one in found):
            typer.echo("No site could be reached or would answer: is there internet here?")
        typer.echo(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    if stamp_file:
        done = stamp(known.root / "referrals.yml", found, dt.date.today().isoformat())
        typer.echo(f"{len(done)} entries stamped", err=True)
    broken = any(one.state in (State.GONE, State.MOVED) for one in found)
    raise typer.Exit(1 if broken else 0)


def _tell(found: Found) -> None:
    if found.state is not State.OK:
        typer.echo(found.line())


def _silent(found: Found) -> None:
    """Nothing is printed while it runs: the JSON comes at the end."""


def _row(found: Found) -> dict[str, object]:
    return {
        "url": found.link.url,
        "state": found.state.value,
        "detail": found.detail,
        "moved_to": found.moved_to,
        "places": list(found.link.places),
    }
