"""``qiq status``: does everything run, is anybody waiting."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Annotated, Any

import typer

from qiq.cli._desk import open_desk

PATIENCE_SECONDS = 5


def status(
    url: Annotated[str, typer.Option(help="the gateway's address")] = "http://127.0.0.1:5005",
) -> None:
    """Parts, open alerts, incidents, people waiting. Exit status 1 when a part is down."""
    parts = _parts(url)
    for name, works in parts.items():
        typer.echo(f"{name}: {'works' if works else 'DOES NOT WORK'}")
    with open_desk() as (desk, _, _places):
        waiting, incidents = desk.waiting(), desk.open_incidents()
        typer.echo(f"open cases: {len(desk.open_cases())}")
        typer.echo(f"waiting for a person: {len(waiting)}")
        typer.echo(f"open incidents: {len(incidents)}")
        for alert in desk.open_alerts():
            first = alert.text.splitlines()[0] if alert.text else ""
            typer.echo(f"{alert.kind} {alert.case_number or ''}: {first}")
    if not all(parts.values()):
        raise typer.Exit(1)


def _parts(url: str) -> dict[str, bool]:
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=PATIENCE_SECONDS) as got:  # noqa: S310
            return {"gateway": True, **json.load(got)["parts"]}
    except urllib.error.HTTPError as error:
        body: dict[str, Any] = json.load(error)
        return {"gateway": True, **body.get("parts", {})}
    except (urllib.error.URLError, TimeoutError, ValueError):
        return {"gateway": False}
