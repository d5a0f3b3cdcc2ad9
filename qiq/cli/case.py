"""``qiq case``: the cases, and talking to customers without Slack."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qiq.cli._desk import open_desk, staff
from qiq.desk import Case, Desk
from qiq.desk.staff import NoSuchCase

app = typer.Typer(help="See cases, and talk to customers.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="the case's number, such as QIQ-7F3K2")]
Name = Annotated[
    str | None,
    typer.Option("--as", help="your name as customers see it (QIQ_STAFF, else your login)"),
]


@app.command("list")
def list_cases(
    everyone: Annotated[
        bool, typer.Option("--waiting", help="only who waits for a person")
    ] = False,
) -> None:
    """Open cases, and who waits for a person."""
    with open_desk() as (desk, _, _places):
        waiting = dict(desk.waiting())
        cases = desk.open_cases()
        if everyone:
            cases = [case for case in cases if case.conversation_id in waiting]
        table = Table("case", "since", "domain", "complaint", "verdict", "with", box=None)
        for case in cases:
            table.add_row(
                case.number,
                f"{case.opened_at.astimezone():%d %b %H:%M}",
                case.domain or "",
                case.intent,
                case.cause or "",
                _holder(desk, case),
            )
        Console().print(table if cases else "No open cases.")


def _holder(desk: Desk, case: Case) -> str:
    conversation = desk.conversation(case.conversation_id)
    if conversation is None:
        return ""
    return conversation.staff or conversation.holder


@app.command()
def show(number: Number) -> None:
    """Everything about a case: evidence, steps, and the talk."""
    with open_desk() as (desk, _, _places):
        case = desk.case(number)
        if case is None:
            raise NoSuchCase(number)
        echo = typer.echo
        echo(f"{case.number}  {case.state}  {case.intent}  {case.domain or ''}".rstrip())
        echo(f"verdict: {case.verdict or '-'}  cause: {case.cause or '-'}")
        stars = f"{case.stars} of 5" if case.stars else "-"
        echo(f"goodwill steps: {case.goodwill_used}  rating: {stars}")
        for found in desk.diagnoses(case):
            echo(f"\n{found.at.astimezone():%d %b %H:%M:%S}  {found.staff_text}")
        for step in desk.steps(case):
            helped = {True: "helped", False: "did not help", None: "not said"}[step.helped]
            echo(f"step {step.step_id}: {helped}")
        handover = desk.handover(case.conversation_id)
        if handover:
            echo(f"\nhandover ({handover.state}, {handover.reason}): {handover.summary}")
            for key, value in handover.contact.items():
                echo(f"{key}: {value}")
        echo("")
        for message in desk.history(case.conversation_id):
            if message.kind == "message":
                name = message.body.get("name") or message.author
                echo(f"{message.at.astimezone():%H:%M} {name}: {message.body.get('text', '')}")


@app.command()
def reply(number: Number, text: Annotated[str, typer.Argument()], name: Name = None) -> None:
    """Write to the customer. Takes the talk first, so that the bot is silent."""
    with open_desk() as (desk, _, _places):
        person = staff(desk, name)
        person.reply(person.case(number).conversation_id, text)
        typer.echo("Sent.")


@app.command()
def claim(number: Number, name: Name = None) -> None:
    """Take the talk of a case."""
    with open_desk() as (desk, _, _places):
        person = staff(desk, name)
        person.claim(person.case(number).conversation_id)
        typer.echo("It is yours; the bot is silent until you release it.")


@app.command()
def resolve(number: Number, name: Name = None) -> None:
    """Close a case and give the talk back to the bot."""
    with open_desk() as (desk, _, _places):
        person = staff(desk, name)
        case = person.case(number)
        person.resolve(case.conversation_id, case=case)
        typer.echo("Closed.")


@app.command()
def release(number: Number, name: Name = None) -> None:
    """Give the talk back to the bot; the case stays open."""
    with open_desk() as (desk, _, _places):
        person = staff(desk, name)
        person.release(person.case(number).conversation_id)
        typer.echo("The bot has the talk again.")
