"""``python -m lab --state DIR``: run the lab until stopped, or until the parent is gone."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys

from lab.lab import Lab

_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 1.0


def die_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent ends (prctl(2)); elsewhere the look below does it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def run(state: str, parent: int | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Lab.start(state) as lab:
        ready = {"ready": True, "hosting": str(lab.hosting_path), "url": lab.control_url}
        print(json.dumps(ready), flush=True)
        while not stop.is_set():
            if parent is not None and os.getppid() != parent:
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("--state", required=True, help="folder for hosting.yml and lab.json")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    given = parser.parse_args()
    if given.parent_pid is not None:
        die_with_parent()
        if os.getppid() != given.parent_pid:
            print("lab: the parent process is gone already", file=sys.stderr)
            return 1
    asyncio.run(run(given.state, given.parent_pid))
    return 0


if __name__ == "__main__":
    sys.exit(main())
