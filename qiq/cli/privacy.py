"""``qiq privacy``: what is kept about one person, shown to them or deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from qiq.cli._desk import CannotDo, open_desk
from qiq.desk import Desk
from qiq.desk.places import DataPlaces
from qiq.desk.tracker import Tracker

app = typer.Typer(help="Export or delete what is kept about one person.", no_args_is_help=True)

Person = Annotated[
    str,
    typer.Argument(
        help="case number, e-mail address, visitor or conversation id, messenger address"
    ),
]


@app.command()
def export(person: Person) -> None:
    """Print all of it as JSON: talks, cases, working memory, pictures' paths."""
    with open_desk() as (desk, _, places):
        tracker = Tracker(places.tracker_url)
        found = [
            {**desk.export(one), "working_memory": tracker.export(one)}
            for one in _conversations(desk, person)
        ]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


@app.command()
def delete(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Delete all of it: desk, working memory, pictures, ids in log files."""
    with open_desk() as (desk, _, places):
        ids = _conversations(desk, person)
        if not yes:
            typer.confirm(f"Delete {len(ids)} conversations for good?", abort=True)
        Tracker(places.tracker_url).forget(ids)
        exported = [desk.export(one) for one in ids]
        for one in ids:
            for path in desk.delete_conversation(one):
                (places.state / path).unlink(missing_ok=True)
        lines = sum(_scrub(path, _identifiers(exported)) for path in _logs(places))
        typer.echo(f"Deleted {len(ids)} conversations; {lines} log lines lost their ids.")


def _conversations(desk: Desk, person: str) -> list[str]:
    found = desk.conversations_of(person.strip())
    if not found:
        raise CannotDo(
            f"nothing is kept about {person}; give a case number, a verified e-mail address, "
            "a visitor or conversation id, or a messenger address"
        )
    return found


def _identifiers(exported: list[dict[str, list[dict[str, object]]]]) -> set[str]:
    names = ("id", "visitor", "number", "conversation_id")
    tables = ("conversation", "messages", "cases", "handovers")
    return {
        str(row[name])
        for one in exported
        for table in tables
        for row in one[table]
        for name in names
        if name in row
    }


def _logs(places: DataPlaces) -> list[Path]:
    return sorted(places.state.rglob("*.log"))


def _scrub(path: Path, ids: set[str]) -> int:
    """Replaces ids in one log file, in place: whoever writes to it keeps the same file."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    changed = 0
    for number, line in enumerate(lines):
        fresh = line
        for one in ids:
            fresh = fresh.replace(one, "-" * len(one))
        changed += fresh != line
        lines[number] = fresh
    if changed:
        with path.open("r+", encoding="utf-8") as file:
            file.write("".join(lines))
    return changed
