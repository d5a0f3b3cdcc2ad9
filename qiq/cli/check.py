"""``qiq check DOMAIN``: the checks and their verdict, without any conversation."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from qiq.checks.batteries import SERVICES
from qiq.diagnosis import Diagnosis, Subject, check_line, diagnose
from qiq.settings import MissingSecret, Settings, SettingsError, load
from qiq.verdict import Code, Complaint

NOTHING_WRONG, SOMETHING_WRONG, BAD_INPUT = 0, 1, 2
INTENTS = {
    "mail": "email_cannot_connect", "web": "site_down", "dns": "dns_problem", "ftp": "ftp_problem",
    "panel": "control_panel_problem", "all": "site_down",
}  # fmt: skip
COLOURS = {"pass": "green", "warn": "yellow", "fail": "bold red", "skip": "dim", "error": "magenta"}


def check(
    domain: Annotated[str, typer.Argument(help="a hosted domain, or an address of its website")],
    as_json: Annotated[bool, typer.Option("--json", help="print the diagnosis payload")] = False,
    service: Annotated[str, typer.Option(help=f"one of: {', '.join(SERVICES)}")] = "all",
    details: Annotated[bool, typer.Option("--details", help="print what staff see")] = False,
) -> None:
    """Check DOMAIN. Exit status 0: nothing wrong, 1: something wrong or unclear, 2: bad input."""
    try:
        if service not in SERVICES:
            known = ", ".join(SERVICES)
            raise ValueError(f"--service: {service!r} is not known; use one of: {known}")
        settings = load()
        found = asyncio.run(_look(domain, service, settings))
    except (SettingsError, MissingSecret, ValueError) as error:
        typer.echo(f"qiq check: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from error
    if as_json:
        typer.echo(json.dumps(found.payload(), ensure_ascii=False))
    else:
        _show(found, details)
    raise typer.Exit(exit_status(found))


async def _look(domain: str, service: str, settings: Settings) -> Diagnosis:
    complaint = Complaint(INTENTS[service])
    return await diagnose(complaint, Subject(domain), settings, batteries=SERVICES[service])


def exit_status(found: Diagnosis) -> int:
    """What a script is told."""
    if found.verdict.code is Code.NOT_HOSTED:
        return BAD_INPUT
    return NOTHING_WRONG if found.verdict.code is Code.ALL_CLEAR else SOMETHING_WRONG


def _show(found: Diagnosis, details: bool) -> None:
    console = Console()
    if found.results:
        table = Table(box=None, pad_edge=False)
        for heading in ("", "check", "target"):
            table.add_column(heading, no_wrap=True)
        table.add_column("what was found", overflow="fold", min_width=30)
        table.add_column("ms", justify="right")
        for result in found.results:
            line = check_line(result)
            status = Text(line["status"], style=COLOURS[line["status"]])
            cells = [Text(str(line[key])) for key in ("id", "target", "summary", "ms")]
            table.add_row(status, *cells)
        console.print(table)
        console.print()
    verdict = found.verdict
    console.print(Text(f"{verdict.code} ({verdict.certainty}): {verdict.cause}", style="bold"))
    console.print(Text(found.headline()))
    for step in found.next_steps():
        console.print(Text(f"- {step}"))
    if found.did_you_mean:
        console.print(Text(f"Did you mean {found.did_you_mean}?"))
    if details:
        console.print(Text("\n" + found.staff_text()))
