"""The action server in one process: ``python -m actions --port 5055``.

``python -m rasa_sdk --actions actions`` works too, but starts a manager and a worker that both
import everything, and gives up when the worker takes longer than 30 s on a busy machine.
"""

from __future__ import annotations

import argparse
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

HOST = "127.0.0.1"


def main() -> None:
    """Serve until told to stop. A setting or a knowledge file that is wrong stops the start."""
    parser = argparse.ArgumentParser(prog="python -m actions", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help=f"port on {HOST}")
    options = parser.parse_args()
    executor = ActionExecutor()
    executor.register_package("actions")
    _warm_up()
    Sanic.start_method = "fork"
    app: Sanic[Any, Any] = create_app(executor)
    app.run(host=HOST, port=options.port, single_process=True, access_log=False, motd=False)


def _warm_up() -> None:
    """The first customer does not wait for what every customer needs."""
    from actions import office

    office.house()
    if office.has_desk():
        office.desk()


if __name__ == "__main__":
    main()
