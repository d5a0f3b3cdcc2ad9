"""``qiq incident``: faults that many customers have, opened and closed by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from qiq.cli._desk import CannotDo, open_desk, staff
from qiq.desk import Desk, Incident

app = typer.Typer(help="Open, update and close incidents.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="the incident's id, or the beginning of it")]
Text = Annotated[str, typer.Argument(help="for customers and the status page")]
Name = Annotated[str | None, typer.Option("--as", help="your name (not shown to customers)")]


@app.command("list")
def list_incidents() -> None:
    """What is going on, and what was in the last week."""
    with open_desk() as (desk, _, _places):
        found = [*desk.open_incidents(), *desk.recent_incidents()]
        for one in found:
            state = f"closed {one.closed_at.astimezone():%d %b %H:%M}" if one.closed_at else "open"
            since = f"{one.opened_at.astimezone():%d %b %H:%M}"
            typer.echo(
                f"{one.id}  {state}  since {since}  {one.cause} on {one.server}  "
                f"{one.count} customers  {one.title}"
            )
        if not found:
            typer.echo("No incidents.")


@app.command("open")
def open_(
    cause: Annotated[str, typer.Argument(help="the cause's code, such as mail.imap.refused")],
    server: Annotated[str, typer.Argument(help="the server's id or host name")],
    title: Text,
    name: Name = None,
) -> None:
    """Open an incident: customers with this fault are told of it at once."""
    with open_desk() as (desk, _, _places):
        opened = desk.start_incident(cause, server, title, staff(desk, name).name)
        typer.echo(opened.id)


@app.command()
def update(incident: Id, text: Text, name: Name = None) -> None:
    """Add a line to the status page."""
    with open_desk() as (desk, _, _places):
        desk.update_incident(_one(desk, incident).id, text, staff(desk, name).name)
        typer.echo("Added.")


@app.command()
def close(incident: Id, text: Text, name: Name = None) -> None:
    """Close an incident; everyone concerned is told once."""
    with open_desk() as (desk, _, _places):
        person = staff(desk, name)
        body = {"text": person.say("system.incident_over", text=text)}
        told = desk.close_incident(_one(desk, incident).id, text, person.name, body)
        typer.echo(f"Closed; {len(told)} customers told.")


def _one(desk: Desk, start: str) -> Incident:
    found = [one for one in desk.open_incidents() if one.id.startswith(start)]
    if len(found) != 1:
        what = "no open incident begins" if not found else "several open incidents begin"
        raise CannotDo(f"{what} with {start}; `qiq incident list` shows them")
    return found[0]
