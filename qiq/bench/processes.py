"""Memory and processor time of a process and all it started, from /proc (Linux)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PARTS = {
    "bot serve": "rasa",
    "-m actions": "actions",
    "-m qiq.gateway": "gateway",
    "-m lab": "lab",
    "guard.py": "guard",
}


@dataclass(frozen=True)
class Use:
    """Resident memory in megabytes and processor time so far in seconds."""

    megabytes: int
    seconds: float

    def __add__(self, other: Use) -> Use:
        return Use(self.megabytes + other.megabytes, self.seconds + other.seconds)


def by_part(supervisor: int) -> dict[str, Use]:
    """Part → what it uses, the supervisor included."""
    found: dict[str, Use] = {}
    for pid in [supervisor, *_descendants(supervisor)]:
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            use = _use(
                Path(f"/proc/{pid}/status").read_text(), Path(f"/proc/{pid}/stat").read_text()
            )
        except (FileNotFoundError, StopIteration):
            # It has ended between two looks.
            continue
        name = next((name for mark, name in PARTS.items() if mark in line), "supervisor")
        found[name] = found.get(name, Use(0, 0.0)) + use
    return found


def spent(supervisor: int) -> float:
    """Seconds of one core that a process and all it started have used so far."""
    return sum(use.seconds for use in by_part(supervisor).values())


def _use(status: str, stat: str) -> Use:
    kilobytes = next(int(row.split()[1]) for row in status.splitlines() if "VmRSS" in row)
    # proc(5): fields 14 and 15, user and system time; the name before them may hold spaces.
    fields = stat.rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Use(kilobytes // 1024, ticks / os.sysconf("SC_CLK_TCK"))


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for child in children for one in (int(child), *_descendants(int(child)))]
