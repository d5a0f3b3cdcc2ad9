"""Ends what the supervisor started when the supervisor itself was killed.

Run as a script of its own. Standard input is a pipe that only the supervisor holds: `+GROUP` and
`-GROUP` lines tell which process groups live. The end of the pipe means that the supervisor is
gone, however it went, and every group still listed is ended, grandchildren and all.
"""

from __future__ import annotations

import os
import signal
import sys
import time

GRACE_SECONDS = 3.0
LOOK_SECONDS = 0.05


def main() -> None:
    """Read until the pipe closes, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    _end(groups)


def _end(groups: set[int]) -> None:
    left = {group for group in groups if _signal(group, signal.SIGTERM)}
    deadline = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
        left = {group for group in left if _signal(group, 0)}
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
