"""``qiq lab``: run the pretend host, and break and heal it while it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="The pretend host: run it, break it, heal it.", no_args_is_help=True)
_PATIENCE_SECONDS = 10


class LabUnreachable(Exception):
    """No lab answers; the text says what to do."""


def _where() -> tuple[str, str]:
    """Control address and token: from the environment, else from the state folder's lab.json."""
    url, token = os.environ.get("QIQ_LAB_URL"), os.environ.get("QIQ_LAB_TOKEN")
    if url and token:
        return url, token
    state = Path(os.environ.get("QIQ_STATE", "var"))
    for path in (state / "lab" / "lab.json", state / "lab.json"):
        if path.is_file():
            found = json.loads(path.read_text(encoding="utf-8"))
            return found["url"], found["token"]
    raise LabUnreachable(f"no lab.json in {state} or {state / 'lab'}: is `qiq run` running here?")


def _ask(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    url, token = _where()
    request = urllib.request.Request(  # noqa: S310 - the address is our own lab's
        url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
            value: dict[str, Any] = json.load(answer)
            return value
    except urllib.error.HTTPError as error:
        text = json.load(error).get("error", str(error))
        raise LabUnreachable(str(text)) from error
    except (urllib.error.URLError, TimeoutError) as error:
        raise LabUnreachable(f"the lab at {url} does not answer; start it first") from error


def _show(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        return _ask(method, path, body)
    except LabUnreachable as error:
        typer.echo(f"qiq lab: {error}", err=True)
        raise typer.Exit(2) from error


def _say_state(state: dict[str, Any]) -> None:
    typer.echo("healthy" if state["healthy"] else "broken: " + ", ".join(state["broken"]))


@app.command("break")
def break_(name: Annotated[str, typer.Argument(help="a name of `qiq lab list`")]) -> None:
    """Switch a fault on."""
    _say_state(_show("POST", "/break", {"name": name}))


@app.command()
def heal(name: Annotated[str | None, typer.Argument(help="default: all of them")] = None) -> None:
    """Switch a fault off, or all."""
    _say_state(_show("POST", "/heal", {"name": name} if name else {}))


@app.command()
def state() -> None:
    """What is broken at the moment."""
    _say_state(_show("GET", "/state"))


@app.command("list")
def list_() -> None:
    """All faults with their titles; a star marks those that are on."""
    for one in _show("GET", "/scenarios")["scenarios"]:
        mark = "*" if one["active"] else " "
        also = f"  ({', '.join(one['aliases'])})" if one["aliases"] else ""
        typer.echo(f"{mark} {one['name']:38} {one['title']}{also}")


@app.command()
def run(
    folder: Annotated[Path, typer.Option("--state", help="where to write hosting.yml")] = Path(
        "var/lab"
    ),
) -> None:
    """Run the lab by itself until Ctrl-C."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "lab", "--state", str(folder)]
    raise typer.Exit(subprocess.call(command))  # noqa: S603 - our own module
