"""Start Rasa's server with the gateway's channel and nothing else: `python -m bot serve`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from rasa.core.run import serve_application
from rasa.core.utils import AvailableEndpoints
from rasa.utils.common import configure_logging_and_warnings

from bot import house, quiet_logs

HOST = "127.0.0.1"


def main(arguments: list[str]) -> None:
    """Serve until told to stop. The token comes from QIQ_INTERNAL_TOKEN: a process list shows
    arguments to everybody."""
    options = _parser().parse_args(arguments)
    configure_logging_and_warnings(warn_only_once=True, filter_repeated_logs=True)
    quiet_logs.configure()
    house.adapt()
    serve_application(
        model_path=options.model,
        interface=HOST,
        port=options.port,
        credentials=options.credentials,
        endpoints=AvailableEndpoints.read_endpoints(options.endpoints),
        enable_api=options.api,
        auth_token=os.environ.get("QIQ_INTERNAL_TOKEN"),
        cors=None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot serve", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--model", type=Path, default=Path("models"), help="model or its folder")
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument("--api", action="store_true", help="Rasa's HTTP API, behind the token")
    return parser
