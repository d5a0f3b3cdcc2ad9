"""``qiq agent``: a second place to look from, for a bot that runs elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from qiq.settings import SettingsError, load
from qiq.vantage import agent as second_place

TOKEN = "QIQ_AGENT_TOKEN"  # noqa: S105 - the name of a variable
SHORTEST = 20


def agent(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8443,
    cert: Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM)")] = None,
    key: Annotated[Path | None, typer.Option(help="TLS private key (PEM)")] = None,
) -> None:
    """Answer the checks of a bot elsewhere. The token is read from QIQ_AGENT_TOKEN."""
    token = os.environ.get(TOKEN, "")
    try:
        settings = load()
        if len(token) < SHORTEST:
            raise ValueError(f"{TOKEN}: set a token of at least {SHORTEST} characters")
        if (cert is None or key is None) and host not in ("127.0.0.1", "::1"):
            raise ValueError("--cert and --key are needed on a public address")
    except (SettingsError, ValueError) as error:
        typer.echo(f"qiq agent: {error}", err=True)
        raise typer.Exit(2) from error
    uvicorn.run(
        second_place.app(settings, token), host=host, port=port, log_level="warning",
        ssl_certfile=str(cert) if cert else None, ssl_keyfile=str(key) if key else None,
    )  # fmt: skip
